"""Work on its way to an old address is taken back, so that routing decides for the new one."""

from __future__ import annotations

from dataclasses import replace

from dom.fulfillment.actions import change_work
from dom.fulfillment.change import Change
from dom.fulfillment.ports import Floor
from dom.fulfillment.take_back import back
from dom.model.fulfillment import READDRESSED, FulfillmentOrder
from dom.model.history import append
from dom.model.order import HoldReason, Order
from dom.model.work_machine import OPEN, UNPACKED

ACTOR = "address"


def recall_work(order_id: str, floor: Floor) -> None:
    """Take back what the order recalls, each work in one transaction; a repeat goes on.

    What was packed meanwhile cannot be: its order is held, for a person to stop the parcel.
    """
    order = floor.orders.load(order_id)
    for work_id in order.recall if order else ():
        change_work(work_id, lambda work, now: _recalled(work, now, floor), floor)


def _recalled(work: FulfillmentOrder, order: Order, floor: Floor) -> Change | None:
    if work.id not in order.recall:
        return None
    order = replace(order, recall=tuple(one for one in order.recall if one != work.id))
    if not _is_sent(work, order):
        return Change("not_recalled", floor.clock(), ACTOR, work, order)
    if work.status in UNPACKED:
        return back(work, order, READDRESSED, floor, ACTOR)
    if work.status in OPEN:
        order = _held(order, work, floor)
    return Change("not_recalled", floor.clock(), ACTOR, work, order)


def _is_sent(work: FulfillmentOrder, order: Order) -> bool:
    """Whether it goes to an address, and not to a store where it is collected."""
    groups = {group.id: group for group in order.ship_groups}
    group = groups.get(work.ship_group_id)
    return group is not None and group.location_id is None


def _held(order: Order, work: FulfillmentOrder, floor: Floor) -> Order:
    reason = HoldReason.INCORRECT_ADDRESS
    detail = f"{work.id} was {work.status} for the old address"
    facts = {"reason": reason.value, "detail": detail}
    history = append(order.history, floor.clock(), "OrderHeld", ACTOR, **facts)
    return replace(order, hold_reason=reason, hold_detail=detail, history=history)
