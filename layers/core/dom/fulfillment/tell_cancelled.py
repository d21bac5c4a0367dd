"""The channel takes off what was cancelled here, and pays it back: once, where it is asked to."""

from __future__ import annotations

from dom.errors import NotFound
from dom.fulfillment.channel_ports import Cancelling, turn


def tell_cancelled(order_id: str, ports: Cancelling) -> int:
    """Bring the order's channel in line with what is cancelled of it here; how many units that
    took off there.

    One attempt for an order at a time: what it finds there must not change meanwhile. NotFound: no
    such order. Rejected: the channel refuses it. Busy: not now.
    """
    order = ports.orders.load(order_id)
    if order is None:
        raise NotFound("order", order_id)
    with turn(f"cancel#{order_id}", ports.turns):
        return ports.cancellations.tell(order)
