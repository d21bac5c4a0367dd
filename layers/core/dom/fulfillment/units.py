"""How the units of a FulfillmentOrder move between the buckets of its order's lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from dom.errors import InvalidInput
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder
from dom.model.history import append
from dom.model.order import Bucket, Order, OrderStatus, unheld

CANCELLED = "OrderCancelled"


def split(
    work: FulfillmentOrder, units: Mapping[str, int] | None
) -> tuple[tuple[FulfillmentLine, ...], tuple[FulfillmentLine, ...]]:
    """The lines with those units (None: all), and the lines with what is left.

    InvalidInput names a line that is not there or has fewer units.
    """
    if units is None:
        return work.lines, ()
    held = {line.line_id: line.quantity for line in work.lines}
    for line_id, quantity in units.items():
        if not 0 < quantity <= held.get(line_id, 0):
            raise InvalidInput(f"lines.{line_id}", f"{quantity} of {held.get(line_id, 0)} units")
    taken = tuple(replace(x, quantity=units[x.line_id]) for x in work.lines if x.line_id in units)
    rest = [replace(x, quantity=x.quantity - units.get(x.line_id, 0)) for x in work.lines]
    return taken, tuple(line for line in rest if line.quantity)


def advance_units(
    order: Order, lines: Iterable[FulfillmentLine], source: Bucket, target: Bucket
) -> Order:
    """The order with these units moved on; ValueError if they are not in `source`."""
    for line in lines:
        order = order.with_lines([order.line(line.line_id).moved(source, target, line.quantity)])
    return order


def give_up_units(
    order: Order, lines: Iterable[FulfillmentLine], source: Bucket, excluded: str | None
) -> Order:
    """The order with these units back in PENDING, and `excluded` never to be asked for them again.

    Units that the channel has cancelled meanwhile (`withdraw`) go to CANCELLED first.
    """
    for line in lines:
        order = _give_up(order, line, source, excluded)
    return order


def cancel_units(order: Order, taken: Mapping[str, int], source: Bucket) -> Order:
    """The order with the taken units CANCELLED and its wish to withdraw them lowered."""
    lines = [order.line(line).moved(source, Bucket.CANCELLED, n) for line, n in taken.items()]
    left = {line: units - taken.get(line, 0) for line, units in order.withdraw.items()}
    order = replace(order, withdraw={line: units for line, units in left.items() if units > 0})
    return unheld(order.with_lines(lines))


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


def _give_up(order: Order, line: FulfillmentLine, source: Bucket, excluded: str | None) -> Order:
    cancelled = min(order.withdraw.get(line.line_id, 0), line.quantity)
    if cancelled:
        order = cancel_units(order, {line.line_id: cancelled}, source)
    found = order.line(line.line_id).moved(source, Bucket.PENDING, line.quantity - cancelled)
    if excluded and excluded not in found.excluded:
        found = replace(found, excluded=(*found.excluded, excluded))  # type: ignore[arg-type]
    return order.with_lines([found])
