"""The channel captures what is due of an order's guaranteed money, and lets the rest go: once."""

from __future__ import annotations

from collections.abc import Callable

from dom.errors import NotFound, Rejected
from dom.fulfillment.channel_ports import Charging, money_of, turn
from dom.fulfillment.order_change import change_order
from dom.model.order import Order
from dom.model.payment import refused, taken

ACTOR = "shipment_confirmer"


def charge(order_id: str, ports: Charging) -> bool:
    """Bring the channel in line with what is due and what is let go; whether anything was done.

    One attempt for an order at a time, and none while what is cancelled is paid back: what it finds
    there must not change meanwhile. What the
    channel refuses is noted on the order for a person, and not tried again by itself: no message
    does what a bank will not. NotFound: no such order. Busy: not now.
    """
    with turn(money_of(order_id), ports.turns):
        return _charge(order_id, ports)


def _charge(order_id: str, ports: Charging) -> bool:
    order = ports.orders.load(order_id)
    if order is None:
        raise NotFound("order", order_id)
    known = order.authorization
    if known is None or known.is_followed or known.failed:
        return False
    now = ports.clock()
    try:
        found = ports.payments.settle(order, known)
    except Rejected as why:
        reason = str(why)
        _note(order_id, ports, lambda order: refused(order, known, reason, now, ACTOR))
        return False
    if found is None:
        return False
    _note(order_id, ports, lambda order: taken(order, known, found, now, ACTOR))
    return bool(found.reference)


def _note(order_id: str, ports: Charging, change: Callable[[Order], Order]) -> None:
    change_order("charge", order_id, ACTOR, change, ports)
