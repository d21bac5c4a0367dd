"""A stand-in of somebody who subscribed to events."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from tools.stand_in import Asked, StandIn, Told, serving


@dataclass
class SubscriberStandIn(StandIn):
    """`heard`: every request, also those that it answered with one of `failures`; `status` is what
    it answers to others, with these `headers`.
    """

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    heard: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Told:
        """See the base."""
        self.heard.append(asked)
        return super().answer(asked)

    def serve(self, asked: Asked) -> Told:
        """See the base."""
        return Told(self.status, {}, self.headers)

    def types(self) -> list[str]:
        """What it heard of, in order."""
        return [asked.body["type"] for asked in self.heard]


def subscriber_stand_in() -> AbstractContextManager[SubscriberStandIn]:
    """One that listens until the block ends."""
    return serving(SubscriberStandIn())
