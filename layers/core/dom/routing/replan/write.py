"""Moves as one commit: old work ends and new work begins, each position and place written once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dom.model.commit import Commit
from dom.model.decision import RoutingDecision
from dom.model.fulfillment import (
    REPLANNED,
    FulfillmentOrder,
    FulfillmentStatus,
    check_edge,
    noted,
)
from dom.model.ids import digest
from dom.model.order import Order
from dom.routing.proposal import works_of
from dom.routing.replan.balance import capacity_of, stock_of
from dom.routing.replan.desk import Desk
from dom.routing.replan.held import Held, promised
from dom.routing.replan.move import Move
from dom.sourcing import wording
from dom.sourcing.plan import ALLOCATED, Plan

ACTOR = "re-plan"


def commit_of(moves: Mapping[int, Move], desk: Desk, gap: float) -> Commit:
    """The moves (by case) in one transaction. Its id is a function of the orders' versions.

    `gap`: how far the whole plan may be from the best, told with each decision.
    """
    orders = {desk.held[n].order.order_id: desk.held[n].order for n in moves}
    name = "replan-" + digest(*(f"{one.order_id}:{one.version}" for one in orders.values()))
    ended: list[FulfillmentOrder] = []
    begun: list[FulfillmentOrder] = []
    decisions: list[RoutingDecision] = []
    for n, move in moves.items():
        order = orders[desk.held[n].order.order_id]
        decision, works = _decided(move, order, desk.held[n], desk, gap)
        ended += [_ended(work, works, desk) for work in move.works]
        begun += works
        decisions.append(decision)
        orders[order.order_id] = _after(order, works)
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
    move: Move, order: Order, held: Held, desk: Desk, gap: float
) -> tuple[RoutingDecision, list[FulfillmentOrder]]:
    why = _why(move)
    bound = min(move.alone, move.cost)
    after = tuple(replace(one, why=why) for one in move.after)
    own = round((move.cost - bound) / move.cost, 6) if move.cost > 0 else 0.0
    group = held.group.id
    plan = Plan(order.order_id, group, after, {}, move.cost, bound, own, ALLOCATED, why)
    decision = RoutingDecision(
        f"{order.order_id}-{group}-{order.decisions + 1}",
        order.order_id,
        group,
        desk.now,
        desk.ports.rules.version,
        held.order.version,
        plan.outcome,
        f"{why}; all orders planned together are within {gap:.1%} of the best",
        cost=plan.cost,
        bound=bound,
        gap=own,
        saved=move.saved,
        replaces=tuple(work.id for work in move.works),
    )
    works = works_of(order, plan, 0, decision, desk.network, desk.ports)
    chosen = tuple({"fulfillment_order_id": w.id, "location_id": w.location_id} for w in works)
    return replace(decision, chosen=chosen), [_as_promised(work, held) for work in works]


def _why(move: Move) -> str:
    places = wording.listed(sorted({work.location_id for work in move.works}))
    if move.forced:
        return f"re-planned: {places} is closed"
    money = wording.amount(abs(move.saved), move.currency)
    if move.saved > 0:
        return f"re-planned: {money} less than from {places}"
    return f"re-planned: makes room at {places} for others that save more than its {money}"


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
    cancelled = FulfillmentStatus.CANCELLED
    return replace(work, status=cancelled, cancel_reason=REPLANNED, due_at=None)
