"""An order goes before others: it is routed first, released at once, and on top of work lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dom.errors import IllegalTransition
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.history import append
from dom.model.order import NOT_LEFT, Order
from dom.model.work_machine import PREPARED
from dom.orders.change import Changed, Desk, Wish, change_order


def expedite(wish: Wish, priority: int, desk: Desk) -> Order:
    """Raise the order and all of its work that is not shipped to that priority, in one transaction.

    One that has it, or a higher one, stays as it is. IllegalTransition, with the state found: all
    of it has left, or is over.
    """

    def decide(order: Order) -> Changed:
        if order.priority >= priority:
            return Changed(order)
        if not any(line.units(bucket) for line in order.lines for bucket in NOT_LEFT):
            raise IllegalTransition("order", order.order_id, order.status, "expedited")
        now, works = desk.clock(), desk.orders.fulfillment_orders(order.order_id)
        hurried = tuple(_hurried(x, order, priority, now) for x in works if _may(x))
        facts = {"priority": priority, "reason": wish.reason}
        ids = [work.id for work in hurried]
        history = append(
            order.history, now, "OrderExpedited", wish.actor, **facts, fulfillment_orders=ids
        )
        return Changed(replace(order, priority=priority, history=history), works=hurried)

    return change_order("expedite", wish, decide, desk)


def _may(work: FulfillmentOrder) -> bool:
    return work.status in PREPARED and not work.settling


def _hurried(
    work: FulfillmentOrder, order: Order, priority: int, now: datetime
) -> FulfillmentOrder:
    """On top of its location's list; released at once, unless it waits for goods to come back, or
    to leave together with other work.
    """
    work = replace(work, priority=priority)
    waits = work.status is FulfillmentStatus.ASSIGNED and work.due_at is not None
    if not waits or work.together or work.due_at is None:
        return work
    return replace(work, due_at=min(work.due_at, max(now, order.ship_after or now)))
