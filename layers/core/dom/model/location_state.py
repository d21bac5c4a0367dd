"""What changes of a location by the minute: whether it is open, and what is left of its days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dom.model.clock import to_text

LEFT, EFFORT = "left#", "effort#"


@dataclass(frozen=True, slots=True)
class LocationState:
    """What a commit checks of a location. `daily_capacity`, `daily_effort` None: unbounded.

    `left`: FulfillmentOrders still taken, by local day, `effort`: effort units; a day that is not
    there has all of them.
    """

    open: bool
    daily_capacity: int | None = None
    left: Mapping[date, int] | None = None
    daily_effort: int | None = None
    effort: Mapping[date, int] | None = None

    def left_on(self, day: date) -> int | None:
        """Slots left on that local day; None when unbounded."""
        if self.daily_capacity is None:
            return None
        return (self.left or {}).get(day, self.daily_capacity)

    def effort_on(self, day: date) -> int | None:
        """Effort units left on that local day; None when unbounded."""
        if self.daily_effort is None:
            return None
        return (self.effort or {}).get(day, self.daily_effort)


def is_open(stored: Mapping[str, object], now: datetime) -> bool:
    """Whether a stored state is open, or was closed until a time that is over."""
    until = stored.get("closed_until")
    return stored.get("open") is True or (until is not None and str(until) <= to_text(now))


def state_of(stored: Mapping[str, object] | None, now: datetime) -> LocationState:
    """The state as stored (open flag, bounds, `left#<day>` and `effort#<day>`), at that instant.

    One that is not there is closed.
    """
    if stored is None:
        return LocationState(open=False)
    return LocationState(
        is_open(stored, now),
        _bound(stored, "daily_capacity"),
        _by_day(stored, LEFT),
        _bound(stored, "daily_effort"),
        _by_day(stored, EFFORT),
    )


def _bound(stored: Mapping[str, object], name: str) -> int | None:
    most = stored.get(name)
    return None if most is None else int(str(most))


def _by_day(stored: Mapping[str, object], prefix: str) -> dict[date, int]:
    return {
        date.fromisoformat(name.removeprefix(prefix)): int(str(value))
        for name, value in stored.items()
        if name.startswith(prefix)
    }
