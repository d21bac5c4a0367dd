"""The work looked at as cases of the joint search, in a supply to which it was given back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import LocationId, Sku
from dom.model.location_state import LocationState
from dom.model.product import Product
from dom.routing.demand import demand_for
from dom.routing.pieces import line_of
from dom.routing.ports import Routing
from dom.routing.replan.held import Held, contents_of, promised, reckoned
from dom.sourcing.joint.case import Case
from dom.sourcing.joint.live import MOST_LINES
from dom.sourcing.network import Network
from dom.sourcing.plan import EFFORT
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.scene import Scene
from dom.sourcing.supply import Supply

SLOT = ""  # a location's slots of today, where a key has a SKU
COUNTED = frozenset({SLOT, EFFORT})
Key = tuple[str, LocationId]


@dataclass(slots=True)
class Desk:
    """One moment: `left` is what is free now, `supply` what would be were none of it assigned.

    `left` names a SKU at a place, or its slots (SLOT) or EFFORT today where those are bounded.
    """

    ports: Routing
    now: datetime
    network: Network
    states: dict[str, LocationState]
    left: dict[Key, int]
    supply: Supply
    held: list[Held]
    cases: list[Case]

    def learn(self, pairs: Iterable[Key]) -> None:
        """Lay true positions over what the documents said; one that is not there has nothing."""
        wanted = [(sku, str(place)) for sku, place in pairs if sku not in COUNTED]
        self.left.update({(sku, LocationId(place)): 0 for sku, place in wanted})
        for position in self.ports.stock.positions_of(wanted):
            self.left[position.sku, position.location_id] = position.available

    def is_todays(self, work: FulfillmentOrder) -> bool:
        """Whether its slot is one of today at its location: those of days gone by free nothing."""
        location = self.network.locations[self.network.index[work.location_id]]
        return work.capacity_day == location.local_date(self.now)


def desk(found: Sequence[Held], ports: Routing, now: datetime) -> Desk:
    """Read what the work's SKUs need: availability, the network, the state of its places."""
    skus = sorted({line.sku for held in found for work in held.works for line in work.lines})
    documents, products = ports.stock.assortment(skus)
    present = {work.location_id for held in found for work in held.works}
    holders = {place for units in documents.values() for place in units} | present
    network = ports.places.network(holders)
    states = ports.places.states(sorted(place for place in holders if place in network.index))
    left = _left(documents, network, states, now)
    kept = [held for held in found if _can_be_planned(held, network)]
    supply = _given_back(kept, left, states, products, network)
    made = Desk(ports, now, network, states, left, supply, kept, [])
    book = PriceBook(network, ports.rules, now)
    made.cases = [_case(held, made, book) for held in kept]
    return made


def _can_be_planned(held: Held, network: Network) -> bool:
    known = all(work.location_id in network.index for work in held.works)
    return known and len(held.units()) <= MOST_LINES


def _left(
    documents: dict[str, dict[str, int]],
    network: Network,
    states: dict[str, LocationState],
    now: datetime,
) -> dict[Key, int]:
    left: dict[Key, int] = {
        (sku, LocationId(place)): units
        for sku, there in documents.items()
        for place, units in there.items()
    }
    for place, state in states.items():
        location_id = LocationId(place)
        today = network.locations[network.index[location_id]].local_date(now)
        slots, effort = state.left_on(today), state.effort_on(today)
        if slots is not None:
            left[SLOT, location_id] = slots
        if effort is not None:
            left[EFFORT, location_id] = effort
    return left


def _given_back(
    found: Iterable[Held],
    left: dict[Key, int],
    states: dict[str, LocationState],
    products: Mapping[Sku, Product],
    network: Network,
) -> Supply:
    """Units, slots and effort with what the work holds now; what is not known to be open is closed.

    Where a place owes more than it has, what it holds is there all the same: who stays needs it,
    and nobody else gets it, since `left` says what is owed.
    """
    free = Counter({key: max(0, units) for key, units in left.items()})
    for work in (work for held in found for work in held.works):
        for line in work.lines:
            free[line.sku, work.location_id] += line.quantity
        if (SLOT, work.location_id) in left:
            # One of a day gone by too, for where it is now it needs none of today's.
            free[SLOT, work.location_id] += 1
        if (EFFORT, work.location_id) in left:
            free[EFFORT, work.location_id] += reckoned(work, network, products)
    available: dict[Sku, dict[LocationId, int]] = {}
    for (sku, place), units in free.items():
        if sku != SLOT:
            available.setdefault(Sku(sku), {})[place] = units
    slots = {place: units for (sku, place), units in free.items() if sku == SLOT}
    places = {place for _, place in free}
    closed = {place for place in places if not _is_open(place, states)}
    return Supply(available, closed, slots, products)


def _is_open(place: str, states: dict[str, LocationState]) -> bool:
    return place in states and states[place].open


def _case(held: Held, desk: Desk, book: PriceBook) -> Case:
    demand = demand_for(held.order, held.group, held.pieces(), desk.supply.products)
    if demand is None:
        raise ValueError(f"{held.order.order_id}: work without goods")
    places = {work.location_id for work in held.works}
    homeless = not all(_is_open(place, desk.states) for place in places) or any(
        desk.network.inactive >> desk.network.index[place] & 1 for place in places
    )
    if not homeless:
        named = ((x, line_of(x.line_id, held.order)) for x in demand.lines)
        lines = (replace(x, promised_by=promised(held, [line_id])) for x, line_id in named)
        demand = replace(demand, lines=tuple(lines))
    scene = Scene(demand, desk.supply, book)
    return Case(scene, contents_of(held, scene), homeless)
