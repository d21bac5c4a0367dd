"""Route a batch of orders: solve them together, commit them in groups, learn from refusals."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from dom.errors import Busy, CommitRefused, Conflict, Rejected
from dom.model.commit import position_key
from dom.model.ids import Sku, order_id_of
from dom.model.location_state import state_of
from dom.model.order import Order
from dom.routing.batch import Batch, true_available
from dom.routing.groups import assemble, fits, grouped
from dom.routing.line import is_ready, those_ahead, wanted
from dom.routing.ports import Routing
from dom.routing.proposal import Proposal
from dom.routing.shadow import decide_beside
from dom.routing.steps import begin, resume

# An order whose group is refused more often waits for the next delivery of its message.
ATTEMPTS = 8


@dataclass(slots=True)
class Outcome:
    """What became of a batch: orders to deliver again, counts for metrics, errors for the log.

    `unkept`: why inputs could not be archived; those decisions cannot be replayed. `served`: SKUs
    of which somebody in line got any; `behind`: those for which others still stand behind.
    """

    failed: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    errors: list[Exception] = field(default_factory=list)
    unkept: list[str] = field(default_factory=list)
    served: set[Sku] = field(default_factory=set)
    behind: set[Sku] = field(default_factory=set)

    def add(self, other: Outcome) -> None:
        """What became of some more."""
        self.failed += other.failed
        self.counts.update(other.counts)
        self.errors += other.errors
        self.unkept += other.unkept
        self.served |= other.served
        self.behind |= other.behind


def route_all(order_ids: Collection[str], ports: Routing) -> Outcome:
    """Route them together; if that cannot be done at all, each alone, so that one fails alone."""
    with suppress(Exception):  # whatever one order does to the batch, the others go on
        return route(order_ids, ports)
    outcome = Outcome()
    for order_id in sorted(order_ids):
        ports = _alone(order_id, ports, outcome)
    return outcome


def _alone(order_id: str, ports: Routing, outcome: Outcome) -> Routing:
    """Route it; if that breaks, without those who wait ahead of it: one of them may be broken.

    Returns the ports for the next one, so that nobody is let go first any more if that was it.
    """
    worlds = [ports, replace(ports, lines=None)] if ports.lines else [ports]
    for world in worlds:
        try:
            outcome.add(route([order_id], world))
            return world
        except Exception as error:
            outcome.counts["RoutingErrors"] += 1
            outcome.errors.append(error)
    outcome.failed.append(order_id)
    return ports


def route(order_ids: Iterable[str], ports: Routing) -> Outcome:
    """Route what these orders have open.

    Those who wait ahead of them for stock that is there are routed with them.
    An order that is not to be routed (any more) is passed over: whatever changes it brings it here
    again. Deciding and writing are one step per group, so a repeat finds nothing left to do.
    """
    outcome = Outcome()
    orders = sorted(ports.orders.load_many(order_ids), key=lambda order: order.order_id)
    for order in orders:
        if order.open_plan and not resume(order, ports):
            outcome.failed.append(order.order_id)
    ready = [order for order in orders if is_ready(order)]
    outcome.counts["OrdersRouted"] += len(ready)
    if ready:
        lineup = those_ahead(ready, ports)
        outcome.counts["OrdersLetGoFirst"] += len(lineup.guests)
        ready += lineup.guests
        run = _Run(Batch.of(ready, ports, ports.clock(), lineup.upto), ports, outcome)
        run.all(ready)
        outcome.behind |= run.batch.upto.keys()
        run.beside()
    return outcome


@dataclass(slots=True)
class _Run:
    """The commits of one invocation."""

    batch: Batch
    ports: Routing
    outcome: Outcome
    refusals: Counter[str] = field(default_factory=Counter)
    done: list[Proposal] = field(default_factory=list)

    def all(self, ready: Sequence[Order]) -> None:
        """Commit group by group; what is refused is solved anew with what the refusal taught."""
        groups = deque(grouped(self.batch.solve(ready)))
        while groups:
            again = self._commit(groups.popleft())
            if again:
                groups.extendleft(grouped(self.batch.solve(again)))
        self.outcome.unkept += self.batch.unkept

    def beside(self) -> None:
        """Try the shadow's rules on what was committed, if there is one; nothing depends on it."""
        shadow, batch = self.ports.shadow, self.batch
        if shadow is None:
            return
        try:
            world = batch.supply, batch.network, batch.now
            self.outcome.counts.update(decide_beside(self.done, *world, shadow))
        except Exception as error:  # the orders are routed, whatever happens to their shadows
            self.outcome.counts["ShadowFailures"] += 1
            self.outcome.errors.append(error)

    def _commit(self, group: Sequence[Proposal]) -> list[Order]:
        """Write the group; returns the orders that must be decided anew."""
        if not fits(group[0]):
            return self._in_steps(group[0])
        try:
            self.ports.ledger.commit(assemble(group, self.batch.states))
        except CommitRefused as refused:
            return self._refused(group, refused.conflicts)
        except Rejected:
            if len(group) > 1:  # one of them is too large; its neighbors are not
                return [order for one in group for order in self._commit([one])]
            return self._failed(group)
        except Busy:
            return self._failed(group)
        self._settled(group)
        self.outcome.counts["GroupsCommitted"] += 1
        self.outcome.counts["FulfillmentOrdersAssigned"] += sum(len(p.works) for p in group)
        return []

    def _in_steps(self, proposal: Proposal) -> list[Order]:
        done = begin(proposal, self.batch.states, self.ports)
        self._settled([proposal])
        if not done:
            self.outcome.failed.append(proposal.order.order_id)
        return []

    def _settled(self, group: Sequence[Proposal]) -> None:
        self.batch.settled(group)
        self.done += group
        for one in group:
            self.outcome.served |= {sku for sku, _ in one.positions() if sku in one.before.queued}

    def _failed(self, group: Sequence[Proposal]) -> list[Order]:
        self.batch.take_back(group)
        self.outcome.failed += [proposal.order.order_id for proposal in group]
        return []

    def _refused(self, group: Sequence[Proposal], conflicts: Sequence[Conflict]) -> list[Order]:
        self.outcome.counts["GroupsRefused"] += 1
        self.batch.take_back(group)
        gone = _learn(conflicts, group, self.batch)
        left = [p.before for p in group if p.order.order_id not in gone]
        left += self._changed([p.before for p in group if p.order.order_id in gone])
        self.refusals.update(order.order_id for order in left)
        tired = [one.order_id for one in left if self.refusals[one.order_id] >= ATTEMPTS]
        self.outcome.failed += tired
        return [order for order in left if order.order_id not in tired]

    def _changed(self, gone: Sequence[Order]) -> list[Order]:
        """As they are now, those that still want what the batch knows of.

        Who was woken has nothing else to bring it here again: what was written of it meanwhile may
        be what it is told. Who wants something new was changed by somebody, and that does.
        """
        known = {order.order_id: wanted(order) for order in gone}
        found = self.ports.orders.load_many(list(known)) if known else []
        return [one for one in found if is_ready(one) and wanted(one) <= known[one.order_id]]


def _learn(conflicts: Sequence[Conflict], group: Sequence[Proposal], batch: Batch) -> set[str]:
    """Take the truth out of the conflicts; returns the orders that changed meanwhile."""
    positions = {position_key(*key): key for proposal in group for key in proposal.positions()}
    gone: set[str] = set()
    for conflict in conflicts:
        if conflict.kind == "position":
            batch.learn_position(*positions[conflict.key], true_available(conflict.found))
        elif conflict.kind == "location":
            batch.learn_state(conflict.key, state_of(conflict.found, batch.now))
        elif conflict.kind == "order":
            gone.add(conflict.key)
        elif conflict.kind == "fulfillment_order":
            gone.add(order_id_of(conflict.key))
        else:  # a movement or decision of this very commit: it was written by an earlier attempt
            gone |= {proposal.order.order_id for proposal in group}
    return gone
