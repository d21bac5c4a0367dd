"""Look whether what a customer was told still holds, and write what must be told instead."""

from __future__ import annotations

from dom.fulfillment.order_change import change_order
from dom.fulfillment.outlook import ACTOR, foreseen
from dom.fulfillment.ports import Floor
from dom.model.order import Order


def foresee(order_id: str, floor: Floor) -> None:
    """Look, once. NotFound: no such order. Busy: it keeps changing.

    A held order is left alone: whoever holds it writes to the customer. So is one that is being
    assigned in steps: its plan is for the order as it was.
    """

    def decide(order: Order) -> Order:
        if order.hold_reason is not None or order.open_plan:
            return order
        return foreseen(order, floor.orders.fulfillment_orders(order_id), floor.clock())

    change_order("foreseen", order_id, ACTOR, decide, floor)
