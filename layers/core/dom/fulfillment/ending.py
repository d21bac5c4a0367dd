"""A guarantee of money that ends before all of its goods have left is told of in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dom.fulfillment.order_change import Books, change_order
from dom.model.clock import to_text
from dom.model.history import append
from dom.model.order import Order

ACTOR = "sweeper"


def warn_of_ending(order_id: str, books: Books) -> None:
    """Tell it, once, if it is time. NotFound: no such order. Busy: it keeps changing."""
    change_order("ending", order_id, ACTOR, lambda order: _warned(order, books.clock()), books)


def _warned(order: Order, now: datetime) -> Order:
    known = order.authorization
    if known is None or known.expires_at is None or known.warn_at is None or known.warn_at > now:
        return order
    ends = to_text(known.expires_at)
    facts = {"amount": known.left, "currency": order.currency, "expires_at": ends}
    history = append(order.history, now, "PaymentExpiryNeared", ACTOR, **facts)
    return replace(order, authorization=replace(known, warned=True), history=history)
