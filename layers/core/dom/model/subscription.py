"""Who is told of events by request to an address of theirs, and how well that goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

ANY = "*"
# Of one stack: all of them are read for each batch of events.
MOST = 100


class SubscriptionStatus(StrEnum):
    """Whether it is told. While it is paused, what it would be told waits with the dead letters."""

    ACTIVE = "active"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Events of these types (`*`: all), of these locations (none named: of any), go to `url`.

    `reason`: why it is paused. `failures` in a row, since `failing_since`, the last of them
    `last_failure`; nothing is sent before `resting_until`.
    """

    id: str
    url: str
    event_types: tuple[str, ...]
    created_at: datetime
    created_by: str
    location_ids: tuple[str, ...] = ()
    status: SubscriptionStatus = SubscriptionStatus.ACTIVE
    reason: str = ""
    failures: int = 0
    failing_since: datetime | None = None
    last_failure: str = ""
    resting_until: datetime | None = None
    version: int = field(default=0, compare=False)

    @property
    def active(self) -> bool:
        """Whether anything is sent."""
        return self.status is SubscriptionStatus.ACTIVE

    def wants(self, event: Mapping[str, Any]) -> bool:
        """Whether an event as published is one of those it is for."""
        if not {ANY, event["type"]} & set(self.event_types):
            return False
        return not self.location_ids or _location_of(event) in self.location_ids

    def afresh(self) -> Subscription:
        """As if it had never failed: it was changed, or somebody says that it works again."""
        return replace(self, failures=0, failing_since=None, last_failure="", resting_until=None)


def _location_of(event: Mapping[str, Any]) -> str:
    return str(event.get("location_id") or event["data"].get("location_id") or "")
