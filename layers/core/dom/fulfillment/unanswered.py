"""A customer who was asked what becomes of a pickup has not answered yet, or not in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dom.fulfillment.order_change import Books, change_order
from dom.model.cancelled import cancel_told
from dom.model.choice import REMINDED, answered, choosing, settled, waiting_units
from dom.model.clock import to_text
from dom.model.history import append
from dom.model.order import Bucket, Order, unheld
from dom.model.payment import followed_up

ACTOR = "sweeper"
NOBODY_CHOSE = "nobody chose another way"


def unanswered(order_id: str, books: Books) -> None:
    """Remind once; when the time is over, cancel what waits. NotFound, Busy: as elsewhere.

    Which of a late choice and this is first is decided by the order's version: one wins.
    """
    change_order("unanswered", order_id, ACTOR, lambda order: _due(order, books.clock()), books)


def _due(order: Order, now: datetime) -> Order:
    order = settled(order)
    for name in choosing(order):
        known = order.choices[name]
        if known.until <= now:
            order = _given_up(order, name, now)
        elif known.remind_at and known.remind_at <= now:
            facts = {"ship_group_id": name, "choose_until": to_text(known.until)}
            history = append(order.history, now, REMINDED, ACTOR, **facts)
            still = {**order.choices, name: replace(known, remind_at=None)}
            order = replace(order, choices=still, history=history)
    return order


def _given_up(order: Order, ship_group_id: str, now: datetime) -> Order:
    before, lines = order, []
    for line_id in waiting_units(order, ship_group_id):
        line = order.line(line_id)
        lines.append(line.moved(Bucket.PENDING, Bucket.CANCELLED, line.units(Bucket.PENDING)))
    after = unheld(answered(order.with_lines(lines), ship_group_id))
    return followed_up(cancel_told(before, after, now, ACTOR, NOBODY_CHOSE), now, ACTOR)
