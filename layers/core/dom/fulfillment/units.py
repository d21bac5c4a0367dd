"""How the units of a FulfillmentOrder move between the buckets of its order's lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dom.model.cancelled import cancel_units
from dom.model.fulfillment import FulfillmentLine
from dom.model.order import Bucket, Order


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


def _give_up(order: Order, line: FulfillmentLine, source: Bucket, excluded: str | None) -> Order:
    cancelled = min(order.withdraw.get(line.line_id, 0), line.quantity)
    if cancelled:
        order = cancel_units(order, {line.line_id: cancelled}, source)
    found = order.line(line.line_id).moved(source, Bucket.PENDING, line.quantity - cancelled)
    if excluded and excluded not in found.excluded:
        found = replace(found, excluded=(*found.excluded, excluded))  # type: ignore[arg-type]
    return order.with_lines([found])
