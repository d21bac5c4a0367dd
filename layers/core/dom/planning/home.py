"""Whose customers they are: the location that would naturally serve a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dom.model.geo import Coordinates, distance_km
from dom.model.ids import LocationId
from dom.model.location import Capability, Location
from dom.planning.asked import Asked, read_place


class Shippers:
    """The network, looked through once for all SKUs: who exists, and who is active and ships."""

    def __init__(self, network: Iterable[Location]) -> None:
        self.known = {one.location_id: one for one in network}
        self.shipping = {
            name: one
            for name, one in self.known.items()
            if one.active and Capability.SHIP in one.capabilities
        }


class Homes:
    """Home locations of one SKU: the store of a pickup; else the nearest active location that
    ships and keeps the SKU, or, if none does, the nearest that ships.

    Deliberately not where orders were allocated: whoever was out of stock would never be expected
    to sell any more. Of equally near ones the first by id. None where nobody knows the place.
    """

    def __init__(self, network: Shippers, keeping: Iterable[LocationId]) -> None:
        ships = network.shipping
        self._known = network.known
        self._from = [ships[one] for one in set(keeping) if one in ships] or [*ships.values()]
        self._found: dict[str, LocationId | None] = {}

    def of(self, place: str) -> LocationId | None:
        """The home location of a place as `Asked` names it."""
        if place not in self._found:
            self._found[place] = self._look(place)
        return self._found[place]

    def _look(self, place: str) -> LocationId | None:
        where = read_place(place)
        if isinstance(where, Coordinates):
            return min(self._distances(where), default=(0.0, None))[1]
        return where if where in self._known else None

    def _distances(self, here: Coordinates) -> Iterator[tuple[float, LocationId]]:
        for one in self._from:
            far = distance_km(here, one.coordinates)
            if far is not None:
                yield far, one.location_id


def by_home(rows: Iterable[Asked], homes: Homes) -> Iterator[tuple[LocationId, Asked]]:
    """Each row with its home; those of unknown places are nobody's."""
    for row in rows:
        home = homes.of(row.place)
        if home is not None:
            yield home, row
