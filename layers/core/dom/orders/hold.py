"""Hold an order for a person, and let it go on."""

from __future__ import annotations

from dataclasses import replace

from dom.errors import IllegalTransition
from dom.model.choice import REASON, choosing, ended_by_hand
from dom.model.history import append
from dom.model.order import ASSIGNED, UNASSIGNED, HoldReason, Order
from dom.orders.change import Changed, Desk, Wish, change_order

# A person may overrule any other: what is missing here has to be mended at the channel.
_NOT_BY_HAND = frozenset({HoldReason.INVALID_DATA})


def hold(wish: Wish, desk: Desk) -> Order:
    """Nothing of it is routed or released to a location until it is let go; what has been goes on.

    IllegalTransition, with the state found: it is held for another reason, or nothing is open.
    """

    def decide(order: Order) -> Changed:
        ours = (HoldReason.MANUAL, wish.reason)
        if (order.hold_reason, order.hold_detail) == ours:
            return Changed(order)
        if order.hold_reason is not None:
            raise IllegalTransition("order", order.order_id, "held", "held once more")
        if not _is_open(order):
            raise IllegalTransition("order", order.order_id, order.status, "held")
        facts = {"reason": HoldReason.MANUAL.value, "detail": wish.reason}
        history = append(order.history, desk.clock(), "OrderHeld", wish.actor, **facts)
        held = replace(order, hold_reason=ours[0], hold_detail=ours[1], history=history)
        return Changed(held)

    return change_order("hold", wish, decide, desk)


def release(wish: Wish, desk: Desk) -> Order:
    """End the hold, whoever set it: its waiting units are routed, its waiting work is released.

    IllegalTransition, with the state found: it is not held, or it is for want of data that routing
    needs.
    """

    def decide(order: Order) -> Changed:
        reason = order.hold_reason
        if reason is None or reason in _NOT_BY_HAND:
            raise IllegalTransition("order", order.order_id, order.status, "released")
        facts = {"reason": reason.value, "detail": wish.reason}
        history = append(order.history, desk.clock(), "OrderReleased", wish.actor, **facts)
        order = replace(order, hold_reason=None, hold_detail="", history=history)
        return Changed(_asking_still(order, reason))

    return change_order("release", wish, decide, desk)


def _asking_still(order: Order, reason: HoldReason) -> Order:
    """A person who ends the hold of a choice ends the choice; another hold leaves it open."""
    if reason is REASON:
        return ended_by_hand(order)
    if choosing(order):
        return replace(order, hold_reason=REASON, hold_detail="the customer chooses")
    return order


def _is_open(order: Order) -> bool:
    return any(line.units(bucket) for line in order.lines for bucket in (*UNASSIGNED, *ASSIGNED))
