"""What one invocation knows of stock and locations, and what it has promised of it so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dom.model.ids import LocationId, Sku
from dom.model.location_state import LocationState
from dom.model.order import Order
from dom.model.queue import rank_of
from dom.routing.demand import demands_of
from dom.routing.evidence import Kept
from dom.routing.line import behind, in_turn, later_than
from dom.routing.ports import Routing
from dom.routing.preorders import early_of
from dom.routing.proposal import Proposal, propose
from dom.sourcing.network import Network
from dom.sourcing.opening import begun
from dom.sourcing.plan import EFFORT, Assignment
from dom.sourcing.problem import Demand
from dom.sourcing.record import Recorded, record_batch
from dom.sourcing.replay import Inputs
from dom.sourcing.supply import Supply

# So many states are read before solving; in larger networks a failed condition tells the truth.
STATES_READ = 300
NOBODY_WAITS: Mapping[Sku, str] = {}


@dataclass(slots=True)
class Batch:
    """Supply shared by the batch. `promised` is taken from it but not committed yet.

    `unkept`: why inputs of its solves could not be archived. `upto`: as far as the line for a SKU
    is let go, `served`: the SKUs of which anybody so far got any.
    """

    ports: Routing
    now: datetime
    network: Network
    supply: Supply
    states: dict[str, LocationState]
    promised: Counter[tuple[Sku, LocationId]] = field(default_factory=Counter)
    slots: Counter[LocationId] = field(default_factory=Counter)
    unkept: list[str] = field(default_factory=list)
    upto: dict[Sku, str] = field(default_factory=dict)
    served: set[Sku] = field(default_factory=set)

    @classmethod
    def of(
        cls,
        orders: Iterable[Order],
        ports: Routing,
        now: datetime,
        upto: Mapping[Sku, str] = NOBODY_WAITS,
    ) -> Batch:
        """Read what the orders' SKUs need: availability, the network, the state of its places."""
        skus = {x.sku for order in orders for demand in demands_of(order) for x in demand.lines}
        documents, products = ports.stock.assortment(sorted(skus))
        holders = {place for units in documents.values() for place in units}
        network = ports.places.network(holders)
        available = {
            Sku(sku): {LocationId(place): n for place, n in units.items()}
            for sku, units in documents.items()
        }
        supply = Supply(available, products=products)
        batch = cls(ports, now, network, supply, {}, upto=dict(upto))
        found = ports.places.states(sorted(holders)) if len(holders) <= STATES_READ else {}
        for place in holders:
            batch.learn_state(place, found.get(place) or batch._assumed(place, bool(found)))
        return batch

    def solve(self, orders: Sequence[Order]) -> list[Proposal]:
        """Proposals for these orders against what is left, in order of priority and age.

        Before anything is called short, its true positions are read: the documents lag.
        """
        mine = in_turn(orders, self.upto)
        demands = self._demands(mine)
        inputs, made = self._solve(demands)
        if self._correct(self._short(demands, made)):
            inputs, made = self._anew(demands, made)
        if self._unstick(mine, made):
            mine = in_turn(orders, self.upto)
            inputs, made = self._anew(self._demands(mine), made)
        return self._proposals(mine, made, self._keep(inputs))

    def _demands(self, orders: Iterable[Order]) -> list[Demand]:
        known = self.supply.products, self.supply.available
        return [
            behind(demand, rank_of(order), self.upto)
            for order in orders
            for demand in demands_of(order, *known)
        ]

    def _anew(
        self, demands: Sequence[Demand], made: Iterable[Recorded]
    ) -> tuple[Inputs, list[Recorded]]:
        for one in made:
            self._count(one.plan.assignments, -1)
            self.supply.give_back(one.plan.assignments)
        return self._solve(demands)

    def _unstick(self, orders: Iterable[Order], made: Iterable[Recorded]) -> bool:
        """Free for others what those who are let go first can use none of; whether there is any.

        As long as any of them took something, those behind wait.
        """
        ranks = {str(order.order_id): rank_of(order) for order in orders}
        for one in made:
            taken = {sku for part in one.plan.assignments for sku in part.takes()}
            later = later_than(ranks[one.plan.order_id], self.upto)
            self.served |= taken & self.upto.keys() - later
        stuck = self.upto.keys() - self.served
        for sku in stuck:
            del self.upto[sku]
        return bool(stuck)

    def settled(self, group: Iterable[Proposal]) -> None:
        """These are committed: the promise became a fact."""
        for proposal in group:
            self._count(proposal.assignments, -1)

    def take_back(self, group: Iterable[Proposal]) -> None:
        """These are not committed: their stock and slots are free again."""
        for proposal in group:
            self._count(proposal.assignments, -1)
            self.supply.give_back(proposal.assignments)

    def learn_position(self, sku: Sku, place: LocationId, available: int) -> bool:
        """Lay a position's true quantity over the document; whether that is more than thought."""
        free = available - self.promised[sku, place]
        more = free > self.supply.units(sku, place)
        self.supply.overlay(sku, place, free)
        return more

    def learn_state(self, place: str, state: LocationState) -> None:
        """Lay a location's true state over what was thought."""
        self.states[place] = state
        location_id = LocationId(place)
        index = self.network.index.get(location_id)
        if index is None:
            return
        today = self.network.locations[index].local_date(self.now)
        left, effort = state.left_on(today), state.effort_on(today)
        free = None if left is None else left - self.slots[location_id]
        self.supply.overlay_capacity(location_id, free, state.open)
        free = None if effort is None else effort - self.promised[EFFORT, location_id]
        self.supply.overlay_effort(location_id, free)

    def _assumed(self, place: str, read: bool) -> LocationState:
        """A state that was not read: as the network describes it; a missing one is closed."""
        index = self.network.index.get(LocationId(place))
        if read or index is None:
            return LocationState(open=False)
        location = self.network.locations[index]
        effort = location.daily_effort
        return LocationState(location.active, location.daily_capacity, daily_effort=effort)

    def _solve(self, demands: Sequence[Demand]) -> tuple[Inputs, list[Recorded]]:
        """The plans, and what they were made from: a copy, since they take from the supply."""
        world = self.supply, self.network, self.ports.rules, self.now
        inputs = Inputs.of(demands, *world)
        made = record_batch(demands, *world)
        for one in made:
            self._count(one.plan.assignments, 1)
        return inputs, made

    def _keep(self, inputs: Inputs) -> Kept:
        """Archive them before anything is committed; without them routing goes on all the same."""
        if self.ports.archive is None:
            return Kept()
        kept = self.ports.archive.keep(inputs)
        self.unkept += filter(None, [kept.failure])
        return kept

    def _proposals(
        self, orders: Iterable[Order], made: Iterable[Recorded], kept: Kept
    ) -> list[Proposal]:
        plans: dict[str, list[Recorded]] = {}
        for one in made:
            plans.setdefault(one.plan.order_id, []).append(one)
        found = (self._proposal(order, plans.get(order.order_id, []), kept) for order in orders)
        return [proposal for proposal in found if proposal]

    def _proposal(self, order: Order, made: Sequence[Recorded], kept: Kept) -> Proposal | None:
        early = early_of(order, [one.plan for one in made], self.supply, self.network, self.now)
        return propose(order, made, self.network, self.now, self.ports, kept, early)

    def _count(self, assignments: Iterable[Assignment], sign: int) -> None:
        for one in assignments:
            self.slots[one.location_id] += sign
            for sku, units in one.takes().items():
                self.promised[sku, one.location_id] += sign * units

    def _short(self, demands: Iterable[Demand], made: Iterable[Recorded]) -> set[Sku]:
        plans = [one.plan for one in made]
        lacking = {(p.order_id, p.ship_group_id, line) for p in plans for line in p.unallocated}
        return {
            line.sku
            for demand in demands
            for line in demand.lines
            if (demand.order_id, demand.ship_group_id, line.line_id) in lacking
        }

    def _correct(self, skus: set[Sku]) -> bool:
        known, there = self.supply.products, self.supply.available
        # What may not leave yet is left over, however much there is.
        pairs = [
            (str(sku), str(place))
            for sku in skus
            for place in begun(known.get(sku), there.get(sku, {}), self.network, self.now)
        ]
        positions = self.ports.stock.positions_of(pairs) if pairs else []
        learned = [self.learn_position(p.sku, p.location_id, p.available) for p in positions]
        return any(learned)


def true_available(found: Mapping[str, object] | None) -> int:
    """What a failed condition says of a position; one that does not exist has nothing."""
    return int(str(found.get("available", 0))) if found else 0
