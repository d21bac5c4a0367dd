"""How long work may wait for a merge before it is released, and when it is delivered then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from dom.model.location import Location, LocationType
from dom.model.order import Method, Order, ShipGroup
from dom.model.rules import Merging, Service
from dom.sourcing.promise import DaysOff, cutoff_for, delivered, first_day, ships_by

_DAY = timedelta(days=1)
# No transit takes longer; a calendar that is closed for longer says never.
_LONGEST = 60


class Wait(NamedTuple):
    """Until when (not at all: now), and the delivery that follows."""

    until: datetime
    delivers_by: datetime


def recipient_of(
    order: Order, group: ShipGroup, location: Location, merging: Merging
) -> str | None:
    """The mark by which work there may be merged; None: it is not.

    What is sent at once, or to be collected, is not; nor what a supplier sends by itself, or what
    has to wait for something that comes back.
    """
    merges = merging.merge and group.method is Method.SHIP and order.ship_after is None
    return group.recipient if merges and location.type is not LocationType.SUPPLIER else None


def wait_of(merging: Merging, short: bool) -> timedelta:
    """How long to wait at most. `short`: units of the same ship group are backordered."""
    minutes = max(merging.merge_wait, merging.consolidate_wait if short else 0)
    return timedelta(minutes=minutes)


def wait(
    location: Location,
    service: Service,
    now: datetime,
    delivers_by: datetime,
    promised_by: datetime | None,
    most: timedelta,
) -> Wait:
    """As long as `most`, and at most until the last cut-off by which the promise can be kept.

    `delivers_by` is when it is delivered if it leaves by the next cut-off. Without a promise it
    waits for as long as it may, and is told to be delivered so much later.
    """
    if not most:
        return Wait(now, delivers_by)
    cutoff, off = cutoff_for(service, location.type), _off(location)
    zone, until = location.timezone, now + most
    transit = _transit(location, service, now, delivers_by)

    def arrives(at: datetime) -> datetime:
        ready = first_day(at, zone, cutoff)
        return max(delivers_by, delivered(ready, zone, transit, Method.SHIP, service, off))

    if promised_by is None or arrives(until) <= promised_by:
        return Wait(until, arrives(until))
    # Back from the end, day by day: calendars have gaps, and no formula.
    while until > now:
        until -= _DAY
        last = ships_by(max(until, now), zone, cutoff, Method.SHIP, service, off)
        if now <= last <= now + most and arrives(last) <= promised_by:
            return Wait(last, arrives(last))
    return Wait(now, delivers_by)


def _transit(location: Location, service: Service, now: datetime, delivers_by: datetime) -> int:
    """The carrier's working days that `delivers_by` counts with."""
    zone, off = location.timezone, _off(location)
    ready = first_day(now, zone, cutoff_for(service, location.type))
    days = range(_LONGEST)
    found = (n for n in days if delivered(ready, zone, n, Method.SHIP, service, off) >= delivers_by)
    return next(found, _LONGEST)


def _off(location: Location) -> DaysOff:
    return DaysOff(location.closed_weekdays, location.closed_dates)
