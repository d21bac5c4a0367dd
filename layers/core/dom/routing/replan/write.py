"""Moves as one commit: old work ends and new work begins, each position and place written once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dom.model.commit import Commit
from dom.model.decision import RoutingDecision
from dom.model.fulfillment import (
    REPLANNED,
    FulfillmentOrder,
    FulfillmentStatus,
    ended,
    noted,
)
from dom.model.ids import digest
from dom.model.order import Order
from dom.model.promised import watched
from dom.model.work_machine import check_edge
from dom.routing.evidence import Kept
from dom.routing.proposal import decision_of, works_of
from dom.routing.replan.balance import capacity_of, stock_of
from dom.routing.replan.desk import Desk
from dom.routing.replan.held import Held, promised
from dom.routing.replan.move import Move
from dom.sourcing.joint.recorder import Recorder, bare
from dom.sourcing.joint.swap import Swap
from dom.sourcing.plan import Plan
from dom.sourcing.record import Recorded

ACTOR = "re-plan"


@dataclass(frozen=True, slots=True)
class Book:
    """What goes on record of a run: its plan, and where what it was made from is kept.

    `share`: each ship group's part of the milliseconds that planning together took. Without a plan
    nothing is told beside the moves: for what is never written.
    """

    recorder: Recorder | None = None
    kept: Kept = field(default_factory=Kept)
    by_solver: bool = False
    share: float = 0.0

    def record(self, n: int, swap: Swap) -> Recorded:
        """Of a case."""
        if self.recorder is None:
            return bare(swap)
        found = self.recorder.record(n)
        return found._replace(milliseconds=found.milliseconds + self.share)


UNTOLD = Book()


def commit_of(moves: Mapping[int, Move], desk: Desk, book: Book = UNTOLD) -> Commit:
    """The moves (by case) in one transaction. Its id is a function of the orders' versions."""
    orders = {desk.held[n].order.order_id: desk.held[n].order for n in moves}
    name = "replan-" + digest(*(f"{one.order_id}:{one.version}" for one in orders.values()))
    ended: list[FulfillmentOrder] = []
    begun: list[FulfillmentOrder] = []
    decisions: list[RoutingDecision] = []
    for n, move in moves.items():
        order = orders[desk.held[n].order.order_id]
        decision, works = _decided(n, move, order, desk, book)
        ended += [_ended(work, works, desk) for work in move.works]
        begun += works
        decisions.append(decision)
        orders[order.order_id] = watched(_after(order, works), works, desk.now)
    return Commit(
        name,
        desk.now,
        ACTOR,
        orders=tuple(orders.values()),
        fulfillment_orders=(*ended, *begun),
        stock=stock_of(ended, begun),
        capacity=capacity_of(ended, begun, desk),
        decisions=tuple(decisions),
    )


def _after(order: Order, works: Sequence[FulfillmentOrder]) -> Order:
    """Its units stay allocated: only the ids given out have changed."""
    given = order.fulfillment_orders + len(works)
    return replace(order, fulfillment_orders=given, decisions=order.decisions + 1)


def _decided(
    n: int, move: Move, order: Order, desk: Desk, book: Book
) -> tuple[RoutingDecision, list[FulfillmentOrder]]:
    record, held = book.record(n, move.swap), desk.held[n]
    rules, number = desk.ports.rules.version, order.decisions + 1
    decision = replace(
        decision_of(order, record, number, rules, desk.now, book.kept),
        saved=move.saved,
        replaces=tuple(work.id for work in move.works),
        by_solver=book.by_solver,
    )
    works = works_of(order, _only_new(record.plan, move), 0, decision, desk.network, desk.ports)
    return _naming(decision, held, works), [_as_promised(work, held) for work in works]


def _only_new(plan: Plan, move: Move) -> Plan:
    """What stays as it is stays with its work."""
    new = {one.location_id for one in move.after}
    return replace(plan, assignments=tuple(x for x in plan.assignments if x.location_id in new))


def _naming(
    decision: RoutingDecision, held: Held, works: Sequence[FulfillmentOrder]
) -> RoutingDecision:
    """The decision with the id of each parcel's work: the new one, else the oldest that stays."""
    ids = {work.location_id: work.id for work in (*reversed(held.works), *works)}
    parcels = ((ids[one["location_id"]], one) for one in decision.chosen)  # type: ignore[index]
    chosen = tuple({"fulfillment_order_id": name, **one} for name, one in parcels)
    return replace(decision, chosen=chosen)


def _as_promised(work: FulfillmentOrder, held: Held) -> FulfillmentOrder:
    """The promise that was given stays the promise, unless a forced move breaks it."""
    until = promised(held, (line.line_id for line in work.lines))
    keeps = until is not None and work.delivers_by is not None and work.delivers_by <= until
    return replace(work, delivers_by=until) if keeps else work


def _ended(
    work: FulfillmentOrder, works: Iterable[FulfillmentOrder], desk: Desk
) -> FulfillmentOrder:
    check_edge(work, FulfillmentStatus.CANCELLED)
    units = {line.line_id: line.quantity for line in work.lines}
    ids = [one.id for one in works]
    facts: dict[str, object] = {"units": units, "reason": REPLANNED, "replaced_by": ids}
    work = noted(work, desk.now, "FulfillmentOrderCancelled", ACTOR, **facts)
    return replace(ended(work, FulfillmentStatus.CANCELLED), cancel_reason=REPLANNED)
