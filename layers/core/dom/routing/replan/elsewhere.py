"""What goods would be at a location that a person names: may they, and what is it then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from dom.errors import IllegalTransition, InvalidInput, OutOfStock
from dom.model.decision import RoutingDecision
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, units_by_line
from dom.model.ids import LocationId, Sku
from dom.model.location_state import LocationState
from dom.model.order import Order
from dom.routing.demand import demand_of
from dom.routing.evidence import Kept
from dom.routing.ports import Routing
from dom.routing.proposal import decision_of, works_of
from dom.sourcing.assignment import offer
from dom.sourcing.plan import ALLOCATED, Plan
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.record import Recorded
from dom.sourcing.scene import Scene
from dom.sourcing.supply import Supply


class Word(Protocol):
    """What a person says."""

    @property
    def location_id(self) -> LocationId: ...  # noqa: D102
    @property
    def actor(self) -> str: ...  # noqa: D102
    @property
    def reason(self) -> str: ...  # noqa: D102
    @property
    def force(self) -> bool: ...  # noqa: D102


def elsewhere(
    word: Word,
    work: FulfillmentOrder,
    order: Order,
    lines: Sequence[FulfillmentLine],
    ports: Routing,
) -> tuple[RoutingDecision, FulfillmentOrder, LocationState]:
    """The decision, the new work, and the state of the location that it was made on.

    OutOfStock: the goods are not there, which no force changes, since nobody can pick them.
    IllegalTransition: it is closed, or its day is full. InvalidInput: there is no such location.
    """
    place = word.location_id
    network, now = ports.places.network([place]), ports.clock()
    state = ports.places.states([place]).get(place)
    if place not in network.index or state is None:
        raise InvalidInput("location_id", "there is no such location")
    wanted: Counter[Sku] = Counter()
    for line in lines:
        wanted[line.sku] += line.quantity
    _check_stock(wanted, place, ports)
    group = next(one for one in order.ship_groups if one.id == work.ship_group_id)
    products = ports.stock.assortment(sorted(wanted)).products
    demand = demand_of(order, group, units_by_line(lines), products)
    if demand is None:
        raise InvalidInput("lines", "they are no goods")
    supply = Supply({sku: {place: n} for sku, n in wanted.items()}, products=products)
    scene = Scene(demand, supply, PriceBook(network, ports.rules, now))
    units = {n: x.quantity for n, x in enumerate(scene.lines)}
    why = f"given to {place} by {word.actor}: {word.reason}"
    part = replace(offer(scene, network.index[place], units), why=why)
    _check_state(state, part.effort, network.locations[network.index[place]].local_date(now), word)
    plan = Plan(order.order_id, group.id, (part,), {}, part.cost, part.cost, 0.0, ALLOCATED, why)
    made = Recorded(plan, (), None, {}, 0.0)
    decision = decision_of(order, made, order.decisions + 1, ports.rules.version, now, Kept())
    decision = replace(decision, actor=word.actor, replaces=(work.id,))
    (new,) = works_of(order, plan, 0, decision, network, ports)
    parcel = {"fulfillment_order_id": new.id, **decision.chosen[0]}
    return replace(decision, chosen=(parcel,)), replace(new, by_hand=word.actor), state


def _check_stock(wanted: Counter[Sku], place: LocationId, ports: Routing) -> None:
    pairs = [(str(sku), str(place)) for sku in sorted(wanted)]
    there = {one.sku: one.available for one in ports.stock.positions_of(pairs)}
    lacking = ((sku, n - max(0, there.get(sku, 0))) for sku, n in sorted(wanted.items()))
    short = tuple((str(sku), n) for sku, n in lacking if n > 0)
    if short:
        raise OutOfStock(short)


def _check_state(state: LocationState, effort: int, today: date, word: Word) -> None:
    if word.force:
        return
    left, rest = state.left_on(today), state.effort_on(today)
    full = (left is not None and left < 1) or (rest is not None and rest < effort)
    if not state.open or full:
        found = "closed" if not state.open else "full today"
        raise IllegalTransition("location", word.location_id, found, "given work")
