"""When new work is told to its location: until then it can still be moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dom.model.location import Location, LocationType
from dom.model.order import Method
from dom.model.rules import Service
from dom.sourcing.promise import cutoff_for, ships_by

# Stores and their like start at once; only warehouses and DCs wait without waves of their own.
_WAITING = frozenset({LocationType.WAREHOUSE, LocationType.DC})
_DAY = timedelta(days=1)
# A location that is closed for longer has no next wave.
_LOOK_AHEAD = 14


def release_at(
    location: Location,
    method: Method,
    service: Service,
    now: datetime,
    *,
    delay: timedelta = timedelta(),
    late: bool = False,
) -> datetime:
    """The location's next wave, or the latest start that keeps the promise if that is earlier.

    Without waves: after `delay` at warehouses and DCs, at once elsewhere. At once as well: same-day
    orders, and what is `late` already. The latest start is the cut-off by which the location must
    have it, so the promise stored with the work holds.
    """
    if late or method is Method.SAME_DAY:
        return now
    waves = service.waves_at.get(location.location_id, service.waves.get(location.type, ()))
    if waves:
        planned = next_wave(location, waves, service, now)
    else:
        planned = now + delay if location.type in _WAITING else now
    cutoff = cutoff_for(service, location.type)
    latest = ships_by(now, location.timezone, cutoff, method, service)
    return max(now, min(planned, latest) if planned else latest)


def waits(location: Location, service: Service, delay: timedelta = timedelta()) -> bool:
    """Whether work there can still be moved for a while after it was allocated."""
    waves = service.waves_at.get(location.location_id, service.waves.get(location.type, ()))
    return bool(waves) or (location.type in _WAITING and delay > timedelta())


def next_wave(
    location: Location, waves: tuple[time, ...], service: Service, now: datetime
) -> datetime | None:
    """The first wave after `now` on a day on which the location works; None in two weeks: none.

    Wall clock of the location: a time that the clocks pass twice is meant once, the first; one that
    they skip happens an hour later (PEP 495, fold 0). Instants are compared, not wall clocks.
    """
    zone, today = ZoneInfo(location.timezone), location.local_date(now)
    days = (today + n * _DAY for n in range(_LOOK_AHEAD + 1))
    starts = (
        datetime.combine(day, at, zone).astimezone(UTC)
        for day in days
        if _works(location, service, day)
        for at in waves
    )
    return min((start for start in starts if start > now), default=None)


def _works(location: Location, service: Service, day: date) -> bool:
    closed = day.weekday() in location.closed_weekdays or day in location.closed_dates
    return not closed and day not in service.holidays
