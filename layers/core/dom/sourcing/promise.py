"""When a parcel arrives: cut-off, transit, Sundays and holidays in the location's own time zone.

The destination's time zone is not known here, so the location's stands in for it. The promise that
was sold is stored with the FulfillmentOrder and never computed again.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from math import ceil
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dom.model.location import LocationType
from dom.model.order import Method
from dom.model.rules import Service

_DAY = timedelta(days=1)
_SUNDAY = 6
# A calendar that is closed for longer than this says never; such a place comes last of all.
_LONGEST = 366
COLLECTED = frozenset({Method.PICKUP, Method.CURBSIDE})


class DaysOff(NamedTuple):
    """Days on which a location hands nothing over: weekdays (0: Monday) and dates."""

    weekdays: frozenset[int] = frozenset()
    dates: frozenset[date] = frozenset()


OPEN_DAILY = DaysOff()


def cutoff_for(service: Service, type_: LocationType) -> time:
    """The local time until which a location of that type still hands over the same day."""
    return service.cutoffs.get(type_, service.cutoff)


def before_cutoff(now: datetime, timezone: str, cutoff: time) -> bool:
    """Whether today's cut-off (inclusive) is still ahead at the location.

    Instants are compared, not wall clocks: on the day the clocks go back a cut-off passes once.
    """
    return now <= _instant(now.astimezone(ZoneInfo(timezone)).date(), cutoff, timezone)


def delivers_by(
    now: datetime,
    timezone: str,
    cutoff: time,
    transit: int,
    method: Method,
    service: Service,
    off: DaysOff = OPEN_DAILY,
) -> datetime:
    """The instant (UTC) until which the customer has what is ordered now."""
    ready = first_day(now, timezone, cutoff)
    return delivered(ready, timezone, transit, method, service, off)


def first_day(now: datetime, timezone: str, cutoff: time) -> date:
    """The local day on which it could leave, were everybody at work: the cut-off decides."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    return today if before_cutoff(now, timezone, cutoff) else today + _DAY


def delivered(
    ready: date, timezone: str, transit: int, method: Method, service: Service, off: DaysOff
) -> datetime:
    """The instant (UTC) until which the customer has what could leave on a day.

    Shipped: handed over on the first day that the location is open and the carrier works, then
    `transit` working days. Collected and same-day: no carrier, so every day that is no holiday and
    none `off` counts.
    """
    carrier = _by_carrier(method)
    day = _working(ready, service, carrier, off)
    for _ in range(transit):
        day = _working(day + _DAY, service, carrier)
    return _instant(day, service.delivered_until, timezone)


def ships_by(
    now: datetime,
    timezone: str,
    cutoff: time,
    method: Method,
    service: Service,
    off: DaysOff = OPEN_DAILY,
) -> datetime:
    """The instant (UTC) until which it leaves, or lies ready: the cut-off of that day."""
    day = _working(first_day(now, timezone, cutoff), service, _by_carrier(method), off)
    return _instant(day, cutoff, timezone)


def leaves_by(
    now: datetime,
    timezone: str,
    cutoff: time,
    method: Method,
    service: Service,
    off: DaysOff = OPEN_DAILY,
) -> datetime:
    """The instant (UTC) at which that day is over: what is still there then arrives later."""
    day = _working(first_day(now, timezone, cutoff), service, _by_carrier(method), off)
    return _instant(day + _DAY, time(0), timezone)


def collectable_by(arrives: datetime, timezone: str, off: DaysOff, service: Service) -> datetime:
    """When the customer can collect what arrives at a store then: the store's next open day."""
    day = arrives.astimezone(ZoneInfo(timezone)).date() + _DAY
    return _instant(
        _working(day, service, carrier=False, off=off), service.delivered_until, timezone
    )


def days_of_waiting(now: datetime, until: datetime) -> int:
    """Started days between two instants."""
    return max(0, ceil((until - now) / _DAY))


def share_of_day(now: datetime, timezone: str, cutoff: time) -> tuple[int, int]:
    """How much of the local day until the cut-off is over: seconds, of how many seconds."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    begins, ends = _instant(today, time(0), timezone), _instant(today, cutoff, timezone)
    span = max(1, int((ends - begins).total_seconds()))
    return min(span, int((now - begins).total_seconds())), span


def _by_carrier(method: Method) -> bool:
    return method not in COLLECTED and method is not Method.SAME_DAY


def _working(day: date, service: Service, carrier: bool, off: DaysOff = OPEN_DAILY) -> date:
    """That day or the next one on which somebody works."""
    idle = off.weekdays | {_SUNDAY} if carrier else off.weekdays
    for _ in range(_LONGEST):
        if day not in service.holidays and day.weekday() not in idle and day not in off.dates:
            break
        day += _DAY
    return day


@lru_cache(maxsize=4096)
def _instant(day: date, at: time, timezone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(timezone)).astimezone(UTC)
