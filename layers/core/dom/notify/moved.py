"""What a customer is told when a promise has moved: the new day, or that nobody knows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from dom.model.clock import from_text
from dom.model.order import Order
from dom.model.promised import awaited, is_a_later_day, promise_of
from dom.notify.ports import Notice, Unwanted


def words_of(notice: Notice, order: Order, zone: tzinfo) -> str:
    """The paragraph for PromiseMoved, in days of the customer's zone.

    Unwanted: it has moved again since, or comes earlier, or the customer has all of it.
    """
    group = str(notice.data["ship_group_id"])
    old, new = _moment(notice.data, "old"), _moment(notice.data, "new")
    if promise_of(order, group) != new:
        raise Unwanted("MOVED_AGAIN")
    if not units_of(order, group):
        raise Unwanted("NOTHING_AWAITED")
    if new is None:
        told = f"as we said by {_day(old, zone)}" if old else "as we said"
        return (
            f"we are sorry: this part of your order will not be with you {told}. We do not know "
            "the new day yet, and write again as soon as we do:"
        )
    if old is None:
        return f"this part of your order will be with you by {_day(new, zone)}:"
    if not is_a_later_day(order, group, new, old):
        raise Unwanted("NO_LATER_DAY")
    return (
        "we are sorry: this part of your order comes later than we said. You will have it by "
        f"{_day(new, zone)} instead of {_day(old, zone)}:"
    )


def units_of(order: Order, ship_group_id: str) -> Mapping[str, int]:
    """What the customer still waits for of a ship group, by line id."""
    lines = (line for line in order.lines if line.ship_group_id == ship_group_id)
    return {line.line_id: units for line in lines if (units := awaited(line))}


def _moment(data: Mapping[str, object], name: str) -> datetime | None:
    text = data.get(name)
    return from_text(str(text)) if text else None


def _day(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%A, %d %B %Y}"
