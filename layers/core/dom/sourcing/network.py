"""The network as the solver sees it: numbered locations, classes of equal service, distances."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import cos, radians, sin
from typing import NamedTuple, TypeVar

from dom.model.effort import EffortRate
from dom.model.geo import Coordinates, Destination
from dom.model.ids import LocationId
from dom.model.location import Capability, Location, LocationType
from dom.model.order import Method
from dom.model.rules import Service
from dom.model.scope import Where
from dom.sourcing import bits, zip3
from dom.sourcing.arrivals import Arrivals
from dom.sourcing.promise import DaysOff
from dom.sourcing.view import UNKNOWN, Point, View

# Equal price, equal distance: these go first. Their order is the lowest tie-break but the id.
PREFERENCE = (
    LocationType.DC,
    LocationType.WAREHOUSE,
    LocationType.DARK_STORE,
    LocationType.STORE,
    LocationType.SUPPLIER,
    LocationType.PICKUP_POINT,
)
KEPT_VIEWS = 256
KEPT_SERVICES = 8
Place = TypeVar("Place", bound=str)


class LocationClass(NamedTuple):
    """Locations that differ in distance only: same type, time zone, country and days off."""

    type: LocationType
    timezone: str
    country_code: str
    off: DaysOff
    members: int


class Network:
    """Locations, numbered by preference rank: bit i of every set is `locations[i]`.

    Build it once for a set of locations and keep it: it caches the distances of destinations,
    and when goods arrive.
    `zones`: time zones in which active locations are.
    `active` false is a fact of the location; what changes by the minute is in `Supply`.
    """

    def __init__(self, locations: Mapping[LocationId, Location]) -> None:
        self.locations = tuple(sorted(locations.values(), key=_rank))
        self.size = len(self.locations)
        self.index = {location.location_id: i for i, location in enumerate(self.locations)}
        self.everywhere = (1 << self.size) - 1
        self.inactive = self._where(lambda location: not location.active)
        self.capable = {capability: self._offering(capability) for capability in Capability}
        self.classes = self._classify()
        self.by_country = self._countries()
        working = (one for one in self.classes if one.members & ~self.inactive)
        self.zones = frozenset(one.timezone for one in working)
        self._points = [point(location.coordinates) for location in self.locations]
        self._views: dict[Coordinates | None, View] = {}
        self._named: dict[object, int] = {}
        self._rates: dict[Method, tuple[tuple[EffortRate, int], ...]] = {}
        self._arrivals: list[Arrivals] = []

    def bits(self, location_ids: Iterable[LocationId]) -> int:
        """The set of those locations that are in the network."""
        index = self.index
        return bits.of((index[key] for key in location_ids if key in index), self.size)

    def where(self, kind: Where) -> int:
        """The set of locations of a kind; everywhere for one that asks nothing."""
        return self._kept(kind, kind.holds)

    def zones_of(self, units: Mapping[Place, int]) -> frozenset[str]:
        """Time zones of the active locations that have any of these units; if none has, of all."""
        places = self.bits(LocationId(place) for place, n in units.items() if n > 0)
        places &= ~self.inactive
        return frozenset(one.timezone for one in self.classes if one.members & places) or self.zones

    def of_type(self, type_: LocationType) -> int:
        """The set of locations of a type."""
        return self._kept(type_, lambda location: location.type is type_)

    def handling(self, need: str) -> int:
        """The set of locations that handle what goods may need."""
        return self._kept(("handles", need), lambda location: need in location.handles)

    def effort_rates(self, method: Method) -> tuple[tuple[EffortRate, int], ...]:
        """What work of that method is reckoned by, each rate with the set that goes by it."""
        if method not in self._rates:
            found: dict[EffortRate, int] = {}
            for i, location in enumerate(self.locations):
                rate = location.effort_rate(method)
                found[rate] = found.get(rate, 0) | 1 << i
            self._rates[method] = tuple(found.items())
        return self._rates[method]

    def class_of(self, place: int) -> LocationClass:
        """The class that location number `place` is in."""
        return next(one for one in self.classes if one.members >> place & 1)

    def locate(self, destination: Destination) -> Coordinates | None:
        """Where a destination is: its coordinates, else its US ZIP area, else unknown."""
        return zip3.locate(destination)

    def view(self, destination: Destination) -> View:
        """The network seen from a destination; kept for the next demand to the same place."""
        place = self.locate(destination)
        if place not in self._views:
            if len(self._views) >= KEPT_VIEWS:
                self._views.pop(next(iter(self._views)))
            self._views[place] = View(point(place), self._points)
        return self._views[place]

    def arrivals(self, service: Service) -> Arrivals:
        """When goods arrive under a service; kept for the batches that follow."""
        found = next((one for one in self._arrivals if one.service is service), None)
        if found is None:
            found = Arrivals(service)
            self._arrivals = [*self._arrivals[1 - KEPT_SERVICES :], found]
        return found

    def distance_km(self, location_id: LocationId, destination: Destination) -> float | None:
        """Great-circle km between a location and a destination; None when one is unknown."""
        metres = self.view(destination).metres(self.index[location_id])
        return None if metres is None else metres / 1000

    def _kept(self, key: object, holds: Callable[[Location], bool]) -> int:
        if key not in self._named:
            self._named[key] = self._where(holds)
        return self._named[key]

    def _offering(self, capability: Capability) -> int:
        return self._where(lambda location: capability in location.capabilities)

    def _where(self, holds: Callable[[Location], bool]) -> int:
        return bits.of((i for i, loc in enumerate(self.locations) if holds(loc)), self.size)

    def _classify(self) -> tuple[LocationClass, ...]:
        members: dict[tuple[LocationType, str, str, DaysOff], list[int]] = {}
        for i, location in enumerate(self.locations):
            off = DaysOff(location.closed_weekdays, location.closed_dates)
            key = (location.type, location.timezone, location.country_code, off)
            members.setdefault(key, []).append(i)
        return tuple(
            LocationClass(*key, bits.of(found, self.size)) for key, found in members.items()
        )

    def _countries(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for group in self.classes:
            found[group.country_code] = found.get(group.country_code, 0) | group.members
        return found


def point(place: Coordinates | None) -> Point:
    """The place on the unit sphere, so that straight-line distances order like great circles."""
    if place is None:
        return UNKNOWN
    latitude, longitude = radians(place.latitude), radians(place.longitude)
    return (cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude))


def _rank(location: Location) -> tuple[int, str]:
    return PREFERENCE.index(location.type), location.location_id
