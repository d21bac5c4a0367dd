"""How long an order waits for goods that nobody has: then its customer gets the money back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from dom.model.cancelled import cancel_noted
from dom.model.history import append
from dom.model.ids import Sku
from dom.model.order import Bucket, HoldReason, Order, OrderLine
from dom.model.payment import followed_up
from dom.model.promised import promise_of
from dom.model.queue import backordered, lacking
from dom.model.return_terms import EXCHANGES

ACTOR = "routing"
REASON = "not in stock"


def waiting_since(before: Order, after: Order, now: datetime) -> datetime | None:
    """Since when units of it are backordered without a break; None: none are."""
    if not backordered(after):
        return None
    if not backordered(before):
        return now  # an earlier wait is over, however it ended
    # Nobody noted it of those that waited before it was: since they were placed, at the latest.
    return before.waits_since or before.placed_at


def given_up(order: Order, now: datetime, patience: timedelta | None) -> Order:
    """The order with what it lacks cancelled, if it has waited long enough; None: it never has.

    Nobody gives up what is promised, should still come, or waits for its release: the wait is
    counted from the last of the day since which it waits, the promise, and the days on which its
    goods can leave. An exchange is held instead: it was paid with goods that came back, so a person
    settles what its customer gets; once released, it waits as long again.
    """
    short = backordered(order)
    if patience is None or not short or now < max(_days(order, now)) + patience:
        return order
    if order.channel == EXCHANGES:
        return _held(order, now)
    units = {
        line.line_id: line.units(Bucket.BACKORDERED) for line in order.lines if _waits(line, short)
    }
    done = cancel_noted(order, units, Bucket.BACKORDERED, REASON, now, ACTOR)
    return followed_up(replace(done, due_at=None, waits_since=None), now, ACTOR)


def _held(order: Order, now: datetime) -> Order:
    reason = HoldReason.INVENTORY_OUT_OF_STOCK
    facts = {"reason": reason.value, "detail": REASON}
    history = append(order.history, now, "OrderHeld", ACTOR, **facts)
    held = replace(order, hold_reason=reason, hold_detail=REASON, history=history)
    return replace(held, due_at=None, waits_since=now)


def _waits(line: OrderLine, short: Mapping[Sku, int]) -> bool:
    return line.sku in short and bool(line.ship_group_id) and line.units(Bucket.BACKORDERED) > 0


def _days(order: Order, now: datetime) -> Iterator[datetime]:
    yield order.waits_since or now
    short = lacking(order)
    for sku, prospect in order.prospects.items():
        if sku in short and prospect.on:
            yield datetime.combine(prospect.on, time(), UTC)
    for group in order.ship_groups:
        if promise := promise_of(order, group.id):
            yield promise
