"""How long an order waits for goods that nobody has: then its customer gets the money back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from dom.model.history import append
from dom.model.order import Bucket, Order, OrderStatus
from dom.model.promised import promise_of
from dom.model.queue import lacking

ACTOR = "routing"
REASON = "not in stock"


def waiting_since(before: Order, after: Order, now: datetime) -> datetime | None:
    """Since when units of it are backordered without a break; None: none are."""
    if not lacking(after):
        return None
    # Nobody noted it of those that waited before it was: since they were placed, at the latest.
    return before.waits_since or (before.placed_at if lacking(before) else now)


def given_up(order: Order, now: datetime, patience: timedelta | None) -> Order:
    """The order with what it lacks cancelled, if it has waited long enough; None: it never has.

    Nobody gives up what is promised, or should still come: the wait is counted from the last of the
    day since which it waits, the promise, and the days on which its goods can leave.
    """
    short = lacking(order)
    if patience is None or not short or now < max(_days(order, now)) + patience:
        return order
    lines = [
        line.moved(Bucket.BACKORDERED, Bucket.CANCELLED, line.units(Bucket.BACKORDERED))
        for line in order.lines
        if line.sku in short and line.ship_group_id
    ]
    order = replace(order.with_lines(lines), due_at=None, waits_since=None)
    whole = order.status is OrderStatus.CANCELLED
    facts = {"units": sum(short.values()), "whole_order": whole, "reason": REASON}
    history = append(order.history, now, "OrderCancelled", ACTOR, **facts)
    return replace(order, history=history)


def _days(order: Order, now: datetime) -> Iterator[datetime]:
    yield order.waits_since or now
    short = lacking(order)
    for sku, prospect in order.prospects.items():
        if sku in short and prospect.on:
            yield datetime.combine(prospect.on, time(), UTC)
    for group in order.ship_groups:
        if promise := promise_of(order, group.id):
            yield promise
