"""The supply as time passes: arrivals, closed locations, and a new day's capacity at midnight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dom.model.ids import LocationId, Sku
from dom.model.location import Location
from dom.simulation.world import World
from dom.sourcing.network import Network
from dom.sourcing.plan import Plan
from dom.sourcing.supply import Supply


class LiveSupply:
    """The one supply of a run. `taken` counts parcels by location and its local day, `effort`
    effort units."""

    def __init__(self, world: World) -> None:
        self.network = Network({one.location_id: one for one in world.locations})
        self.supply = Supply(world.stock, products=world.products)
        self.taken: Counter[tuple[LocationId, date]] = Counter()
        self.effort: Counter[tuple[LocationId, date]] = Counter()
        self._world = world
        self._arrivals = sorted(world.arrivals, key=lambda one: one.at, reverse=True)
        self._days: dict[str, date] = {}
        self._shut: frozenset[LocationId] | None = None

    def advance(self, now: datetime) -> tuple[set[Sku], bool]:
        """Let time pass; the SKUs that came, and whether any location can take work anew."""
        came = self._receive(now)
        turned = self._turn_days(now)
        shut = frozenset(
            one.location_id for one in self._world.closures if one.starts <= now < one.ends
        )
        changed = turned or shut != self._shut
        opened = turned or bool(self._shut and self._shut - shut)
        self._shut = shut
        if changed:
            for location in self._world.locations:
                self._open(location)
        return came, opened

    def count(self, plans: Iterable[Plan]) -> None:
        """Remember the parcels of plans that have taken from the supply."""
        for plan in plans:
            for one in plan.assignments:
                location = self.network.locations[self.network.index[one.location_id]]
                day = one.location_id, self._days[location.timezone]
                self.taken[day] += 1
                self.effort[day] += one.effort

    def _receive(self, now: datetime) -> set[Sku]:
        came: set[Sku] = set()
        while self._arrivals and self._arrivals[-1].at <= now:
            one = self._arrivals.pop()
            held = self.supply.available.get(one.sku, {}).get(one.location_id, 0)
            self.supply.overlay(one.sku, one.location_id, held + one.units)
            if one.units > 0:
                came.add(one.sku)
        return came

    def _turn_days(self, now: datetime) -> bool:
        """Whether a day has begun in any of the network's time zones."""
        zones = {one.timezone for one in self._world.locations}
        days = {zone: now.astimezone(ZoneInfo(zone)).date() for zone in zones}
        turned, self._days = days != self._days, days
        return turned

    def _open(self, location: Location) -> None:
        place = location.location_id
        day = place, self._days[location.timezone]
        left = _rest(location.daily_capacity, self.taken[day])
        is_open = location.active and place not in (self._shut or ())
        self.supply.overlay_capacity(place, left, is_open)
        self.supply.overlay_effort(place, _rest(location.daily_effort, self.effort[day]))


def _rest(most: int | None, taken: int) -> int | None:
    return None if most is None else most - taken
