"""An order's money is asked for again: somebody has put right why it was refused, or nobody was to
be asked before.
"""

from __future__ import annotations

from dataclasses import replace

from dom.errors import IllegalTransition
from dom.model.history import append
from dom.model.order import Order
from dom.orders.change import Changed, Desk, Wish, change_order


def retry_payment(wish: Wish, desk: Desk) -> Order:
    """Capture what is due, or let go what is not needed, once more.

    IllegalTransition: all of that is done, and nothing failed.
    """

    def decide(order: Order) -> Changed:
        known = order.authorization
        if known is None or (known.is_followed and not known.failed):
            raise IllegalTransition("order", order.order_id, "nothing to ask for", "charged again")
        facts = {"reason": wish.reason}
        history = append(order.history, desk.clock(), "PaymentRetried", wish.actor, **facts)
        again = replace(known, failed="")
        return Changed(replace(order, authorization=again, history=history))

    return change_order("retry_payment", wish, decide, desk)
