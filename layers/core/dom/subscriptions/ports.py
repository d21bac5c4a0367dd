"""What telling subscribers needs of the outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from dom.model.clock import Clock
from dom.model.subscription import Subscription

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to a subscription, at `since` for the first time; `attempts` have failed,
    and the next is not to be before `due`.
    """

    subscription_id: str
    event: Event
    since: datetime
    attempts: int = 0
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a subscriber answered: an HTTP status (0: nothing), and how long it wants to be left in
    peace. `reason`: why there is no status.
    """

    status: int
    reason: str = ""
    retry_after: timedelta = timedelta()

    @property
    def taken(self) -> bool:
        """Whether it has the event."""
        return 200 <= self.status < 300

    @property
    def words(self) -> str:
        """For people."""
        return f"HTTP {self.status}" if self.status else self.reason


class Subscriptions(Protocol):
    """The subscriptions there are."""

    def find(self, name: str) -> Subscription | None:
        """The one of that id, read consistently, or None."""

    def all(self) -> list[Subscription]:
        """All of them."""

    def save(self, wanted: Subscription, previous: Subscription | None) -> bool:
        """Store it if what is stored is still `previous`; False if not."""

    def remove(self, name: str) -> None:
        """There is none of that id any more."""

    def failed(
        self, found: Subscription, now: datetime, why: str, rest: datetime | None
    ) -> Subscription | None:
        """Count a failure; it as it is then. None: it was described anew meanwhile, has failed
        since it was read, or is gone.
        """

    def recovered(self, found: Subscription) -> None:
        """It took something: it does not fail any more."""


class Secrets(Protocol):
    """What each subscriber and we sign with."""

    def create(self, name: str, secret: str) -> None:
        """The first one. Busy: not stored."""

    def rotate(self, name: str, secret: str, until: datetime) -> None:
        """Another one; the one there is signs beside it until then. Busy: not stored."""

    def remove(self, name: str) -> None:
        """None any more. Busy: perhaps it is still there."""


class Queue(Protocol):
    """Where deliveries wait. Both raise Busy if it was not taken."""

    def later(self, deliveries: Sequence[Delivery], wait: timedelta) -> None:
        """They come again after the wait, or sooner."""

    def keep(self, delivery: Delivery) -> None:
        """With the dead letters, until somebody gives it back."""


# Tells the event to the subscription. Busy: nobody could try.
Tell = Callable[[Subscription, Event], Answer]


@dataclass(frozen=True, slots=True)
class Desk:
    """`random`: from 0 to 1."""

    subscriptions: Subscriptions
    queue: Queue
    tell: Tell
    clock: Clock
    random: Callable[[], float]
