"""Other stores that can hand a pickup over now: for its customer to choose from, and chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from dom.errors import IllegalTransition, InvalidInput
from dom.model.choice import group_of, waiting_skus, waiting_units
from dom.model.clock import Clock
from dom.model.geo import distance_km
from dom.model.ids import LocationId, Sku
from dom.model.location import Location
from dom.model.location_state import LocationState
from dom.model.order import Method, Order
from dom.model.stock import Position
from dom.sourcing.fences.capability import NEEDED
from dom.sourcing.network import Network

SHOWN = 3
# Of so many of the nearest the states are read: some are closed or have no room today.
LOOKED_AT = 20
_FAR = float("inf")


class Stock(Protocol):
    """What locations have."""

    def availability(self, skus: Iterable[str]) -> Mapping[str, Mapping[str, int]]:
        """Units by location, as last projected."""

    def positions_of(self, pairs: Iterable[tuple[str, str]]) -> list[Position]:
        """The positions that exist among these (sku, location_id), read consistently."""


class Places(Protocol):
    """The network."""

    def network(self, known: Iterable[str] = ()) -> Network:
        """All locations, seconds old; with those `known` to exist."""

    def states(self, location_ids: Iterable[str]) -> Mapping[str, LocationState]:
        """The states that exist among these locations, read consistently."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Ports."""

    stock: Stock
    places: Places
    clock: Clock


def other_stores(order: Order, ship_group_id: str, ports: Stores) -> list[Location]:
    """The nearest to the store that could not, which have all that waits; at most three."""
    group, wanted = group_of(order, ship_group_id), waiting_skus(order, ship_group_id)
    if group is None or not wanted:
        return []
    shelves = ports.stock.availability(sorted(wanted))
    holders = [
        {place for place, units in shelves.get(sku, {}).items() if units >= n}
        for sku, n in wanted.items()
    ]
    names = set.intersection(*holders) - _excluded(order, ship_group_id)
    if not names:
        return []
    network = ports.places.network(names)
    able = [one for one in _known(names, network) if _hands_over(one, group.method)]
    near = _nearest(able, order.choices[ship_group_id].location_id, network)[:LOOKED_AT]
    states = ports.places.states([one.location_id for one in near])
    return [one for one in near if _takes_work(one, states, ports)][:SHOWN]


def check_store(order: Order, ship_group_id: str, name: str, ports: Stores) -> LocationId:
    """That the store can hand over what waits, by what is stored now.

    InvalidInput: it is no such store, or could not before. IllegalTransition, with the state found:
    it is closed or full, or has sold out.
    """
    group, place = group_of(order, ship_group_id), LocationId(name)
    found = next(iter(_known([name], ports.places.network([name]))), None)
    if found is None or group is None or not _hands_over(found, group.method):
        raise InvalidInput("location_id", "nothing can be collected there")
    if place in _excluded(order, ship_group_id):
        raise InvalidInput("location_id", "it could not hand this over")
    if not _takes_work(found, ports.places.states([name]), ports):
        raise IllegalTransition("location", name, "closed or full", "chosen")
    wanted = waiting_skus(order, ship_group_id)
    there = ports.stock.positions_of([(sku, name) for sku in wanted])
    units: dict[Sku, int] = {one.sku: one.available for one in there}
    if any(units.get(sku, 0) < n for sku, n in wanted.items()):
        raise IllegalTransition("location", name, "out of stock", "chosen")
    return place


def _excluded(order: Order, ship_group_id: str) -> set[str]:
    lines = (order.line(line_id) for line_id in waiting_units(order, ship_group_id))
    gave_up = {place for line in lines for place in line.excluded}
    known = order.choices.get(ship_group_id)
    return {*gave_up, known.location_id} if known else set(gave_up)


def _known(names: Iterable[str], network: Network) -> list[Location]:
    found = (network.index.get(LocationId(name)) for name in sorted(names))
    return [network.locations[place] for place in found if place is not None]


def _hands_over(one: Location, method: Method) -> bool:
    return one.active and NEEDED.get(method) in one.capabilities


def _nearest(able: list[Location], origin: LocationId, network: Network) -> list[Location]:
    """Unknown distances rank last."""
    known = network.index.get(origin)
    here = network.locations[known].coordinates if known is not None else None

    def far(one: Location) -> tuple[float, str]:
        distance = distance_km(here, one.coordinates)
        return (_FAR if distance is None else distance, one.location_id)

    return sorted(able, key=far)


def _takes_work(one: Location, states: Mapping[str, LocationState], ports: Stores) -> bool:
    state = states.get(one.location_id)
    if state is None or not state.open:
        return False
    left = state.left_on(one.local_date(ports.clock()))
    return left is None or left > 0
