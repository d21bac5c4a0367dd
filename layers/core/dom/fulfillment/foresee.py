"""Look whether what a customer was told still holds, and write what must be told instead."""

from __future__ import annotations

from dom.errors import Busy, CommitRefused
from dom.fulfillment.outlook import ACTOR, foreseen
from dom.fulfillment.ports import Floor
from dom.model.commit import Commit
from dom.model.order import Order

ATTEMPTS = 6


def foresee(order_id: str, floor: Floor) -> Order | None:
    """The order as it is then; None: there is none. Busy: it keeps changing.

    A held order is left alone: whoever holds it writes to the customer.
    """
    for _ in range(ATTEMPTS):
        order = floor.orders.load(order_id)
        if order is None or order.hold_reason is not None:
            return order
        now = floor.clock()
        after = foreseen(order, floor.orders.fulfillment_orders(order_id), now)
        if after == order:
            return order
        try:
            name = f"{order_id}:foreseen:{order.version}"
            floor.ledger.commit(Commit(name, now, ACTOR, orders=(after,)))
        except CommitRefused:
            continue
        return after
    raise Busy(f"order {order_id} keeps changing")
