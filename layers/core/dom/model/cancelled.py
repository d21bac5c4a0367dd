"""Units that are cancelled, and that whoever pays is told how many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from dom.model.choice import settled
from dom.model.history import append
from dom.model.order import Bucket, Order, OrderStatus, unheld

CANCELLED = "OrderCancelled"


def cancel_units(order: Order, taken: Mapping[str, int], source: Bucket) -> Order:
    """The order with the taken units CANCELLED and its wish to withdraw them lowered."""
    lines = [order.line(line).moved(source, Bucket.CANCELLED, n) for line, n in taken.items()]
    left = {line: units - taken.get(line, 0) for line, units in order.withdraw.items()}
    order = replace(order, withdraw={line: units for line, units in left.items() if units > 0})
    return unheld(settled(order.with_lines(lines)))


def cancel_noted(
    order: Order, taken: Mapping[str, int], source: Bucket, reason: str, now: datetime, actor: str
) -> Order:
    """As `cancel_units`, and told with the reason: nobody asked for it."""
    return cancel_told(order, cancel_units(order, taken, source), now, actor, reason)


def cancel_told(before: Order, after: Order, now: datetime, actor: str, reason: str = "") -> Order:
    """`after`, which tells whoever pays how many units it has cancelled since, unless it does."""
    units = _cancelled(after) - _cancelled(before)
    known = before.history[-1].seq if before.history else 0
    if units <= 0 or any(e.type == CANCELLED and e.seq > known for e in after.history):
        return after
    facts: dict[str, object] = {"reason": reason} if reason else {}
    whole = after.status is OrderStatus.CANCELLED
    facts = {"units": units, "whole_order": whole, **facts}
    return replace(after, history=append(after.history, now, CANCELLED, actor, **facts))


def _cancelled(order: Order) -> int:
    return sum(line.units(Bucket.CANCELLED) for line in order.lines)
