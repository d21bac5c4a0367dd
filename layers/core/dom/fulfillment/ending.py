"""A guarantee of money that ends before all of its goods have left is told of in time."""

from __future__ import annotations

from dataclasses import replace

from dom.errors import Busy, CommitRefused
from dom.fulfillment.ports import Floor
from dom.model.clock import to_text
from dom.model.commit import Commit
from dom.model.history import append

ACTOR = "sweeper"
ATTEMPTS = 6


def warn_of_ending(order_id: str, floor: Floor) -> bool:
    """Tell it, once; whether there was anything to tell now. Busy: the order keeps changing."""
    for _ in range(ATTEMPTS):
        order, now = floor.orders.load(order_id), floor.clock()
        known = order.authorization if order else None
        if order is None or known is None or known.expires_at is None:
            return False
        if known.warn_at is None or known.warn_at > now:
            return False
        ends = to_text(known.expires_at)
        facts = {"amount": known.left, "currency": order.currency, "expires_at": ends}
        history = append(order.history, now, "PaymentExpiryNeared", ACTOR, **facts)
        told = replace(order, authorization=replace(known, warned=True), history=history)
        try:
            name = f"{order_id}:ending:{order.version}"
            floor.ledger.commit(Commit(name, now, ACTOR, orders=(told,)))
            return True
        except CommitRefused:
            continue
    raise Busy(f"order {order_id} keeps changing")
