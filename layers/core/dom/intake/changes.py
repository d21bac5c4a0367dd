"""What a merge changed, told as history entries: the events that others hear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from dom.intake.source import Source
from dom.model.facts import Payment
from dom.model.history import HistoryEntry, append
from dom.model.order import Bucket, Order, OrderStatus

PAID = frozenset({Payment.PAID, Payment.PARTIALLY_REFUNDED, Payment.REFUNDED})
Event = tuple[str, Mapping[str, object]]


def tell(
    before: Order, after: Order, old: Source, new: Source, at: datetime
) -> tuple[HistoryEntry, ...]:
    """The history with one entry for each thing that changed; none for bookkeeping."""
    history = before.history
    for type_, data in _events(before, after, old, new):
        history = append(history, at, type_, f"channel:{after.channel}", **data)
    return history


def _events(before: Order, after: Order, old: Source, new: Source) -> Iterator[Event]:
    placed = bool(new.updated_at) and not old.updated_at
    if placed:
        yield "OrderPlaced", _placed(after, new)
    elif changed := _changed(before, after, old, new):
        yield "OrderUpdated", {"changed": changed}
    if not placed and new.payment in PAID and old.payment not in PAID:
        yield "OrderPaid", {"payment": new.payment}
    if new.updated_at:
        told = set(old.refunds) if old.updated_at else set()
        for refund_id in sorted(set(new.refunds) - told):
            yield "OrderRefunded", _refunded(refund_id, new)
    yield from _cancelled(before, after)
    yield from _held(before, after)


def _placed(order: Order, source: Source) -> dict[str, object]:
    return {
        "channel": order.channel,
        "account": order.account,
        "external_id": order.external_id,
        "name": order.name,
        "currency": order.currency,
        "lines": len(order.lines),
        "units": sum(line.quantity for line in order.lines),
        "payment": source.payment,
        "test": order.test,
    }


def _refunded(refund_id: str, source: Source) -> dict[str, object]:
    told = source.refunds[refund_id]
    units = {"removed": sum(told.removed.values()), "returned": sum(told.returned.values())}
    return {"refund_id": refund_id, **units}


def _cancelled(before: Order, after: Order) -> Iterator[Event]:
    units = _units(after, Bucket.CANCELLED) - _units(before, Bucket.CANCELLED)
    whole = after.status is OrderStatus.CANCELLED
    if units > 0:
        yield "OrderCancelled", {"units": units, "whole_order": whole}
    asked = sum(after.withdraw.values()) - sum(before.withdraw.values())
    if asked > 0:
        yield "CancellationRequested", {"units": asked}


def _held(before: Order, after: Order) -> Iterator[Event]:
    old, new = (before.hold_reason, before.hold_detail), (after.hold_reason, after.hold_detail)
    if old == new:
        return
    if after.hold_reason is None:
        yield "OrderReleased", {"reason": before.hold_reason.value if before.hold_reason else ""}
    else:
        yield "OrderHeld", {"reason": after.hold_reason.value, "detail": after.hold_detail}


def _changed(before: Order, after: Order, old: Source, new: Source) -> list[str]:
    """Names of what is different, of the things that no event of their own tells."""
    aspects = {
        "lines": (_described(before), _described(after)),
        "quantities": (_quantities(before), _quantities(after)),
        "address": (before.ship_groups, after.ship_groups),
        "contact": (old.content[9:], new.content[9:]),
        "name": (before.name, after.name),
    }
    return [name for name, (was, is_) in aspects.items() if was != is_]


def _described(order: Order) -> list[object]:
    return [replace(line, quantity=0, buckets={}, excluded=()) for line in order.lines]


def _quantities(order: Order) -> dict[str, int]:
    return {line.line_id: line.quantity for line in order.lines}


def _units(order: Order, bucket: Bucket) -> int:
    return sum(line.units(bucket) for line in order.lines)
