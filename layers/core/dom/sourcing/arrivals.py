"""When the customer has what a location sends: worked out once a day, not once a moment."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from dom.model.order import Method
from dom.model.rules import Service
from dom.sourcing.promise import (
    COLLECTED,
    DaysOff,
    collectable_by,
    cutoff_for,
    delivered,
    first_day,
)

if TYPE_CHECKING:
    from dom.sourcing.network import LocationClass
    from dom.sourcing.pricing import Journey

# A network keeps so many answers, and begins anew when it has them.
KEPT = 10_000


class Arrivals:
    """Of one network under one service. Keeps answers by the day on which goods could leave: as
    the clock goes on, they change only where a cut-off or a midnight passes."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._known: dict[object, tuple[datetime, ...]] = {}

    def by_zone(self, one: LocationClass, now: datetime, way: Journey) -> tuple[datetime, ...]:
        """The instant until which the customer has, or can collect, what a location sends."""
        ready = first_day(now, one.timezone, cutoff_for(self.service, one.type))
        store = way.store.location_id if way.store else None
        key = ready, one.timezone, one.off, is_abroad(one, way), way.method, store
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= KEPT:
                self._known.clear()
            found = self._known[key] = self._work_out(one, ready, way)
        return found

    def _work_out(self, one: LocationClass, ready: date, way: Journey) -> tuple[datetime, ...]:
        abroad, zones = is_abroad(one, way), range(len(self.service.transit_days))
        transit = [transit_days(self.service, zone, way.method, abroad) for zone in zones]
        known = {days: self._arrival(one, ready, way, days) for days in set(transit)}
        return tuple(known[days] for days in transit)

    def _arrival(self, one: LocationClass, ready: date, way: Journey, transit: int) -> datetime:
        service = self.service
        until = delivered(ready, one.timezone, transit, way.method, service, one.off)
        if way.store is None or way.method is not Method.SHIP_TO_STORE:
            return until
        off = DaysOff(way.store.closed_weekdays, way.store.closed_dates)
        return collectable_by(until, way.store.timezone, off, service)


def is_abroad(one: LocationClass, way: Journey) -> bool:
    """Whether goods from there cross a border; not where the destination's country is unknown."""
    return bool(way.country) and one.country_code.upper() != way.country.upper()


def transit_days(service: Service, zone: int, method: Method, abroad: bool) -> int:
    """Working days on the way: none when collected or by courier the same day."""
    if method in COLLECTED or method is Method.SAME_DAY:
        return 0
    return service.transit_days[zone] + (service.cross_border_days if abroad else 0)
