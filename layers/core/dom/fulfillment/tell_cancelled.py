"""The channel takes off what was cancelled here, and pays it back: once, where it is asked to."""

from __future__ import annotations

from dom.errors import NotFound
from dom.fulfillment.channel_ports import Cancelling, money_of, turn


def tell_cancelled(order_id: str, ports: Cancelling) -> int:
    """Bring the order's channel in line with what is cancelled of it here; how many units that
    took off there.

    One attempt for an order at a time, and none while its money is taken: what it finds there must
    not change meanwhile. NotFound: no
    such order. Rejected: the channel refuses it. Busy: not now.
    """
    with turn(money_of(order_id), ports.turns):
        order = ports.orders.load(order_id)
        if order is None:
            raise NotFound("order", order_id)
        return ports.cancellations.tell(order)
