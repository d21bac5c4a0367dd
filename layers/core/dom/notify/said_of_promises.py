"""What a customer is told when a promise has moved: the new day, or that nobody knows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dom.model.clock import from_text
from dom.model.order import Order
from dom.model.promised import awaited, is_a_later_day, promise_of, zone_for
from dom.notify.ports import Notice, Unwanted
from dom.notify.said_of_work import units
from dom.notify.templates import Value
from dom.words.language import Language


def moved(notice: Notice, order: Order, language: Language) -> tuple[str, Mapping[str, Value]]:
    """The text for PromiseMoved, with days of the customer's zone.

    Unwanted: it has moved again since, or comes earlier, or the customer has all of it.
    """
    group = str(notice.data["ship_group_id"])
    old, new = _moment(notice.data, "old"), _moment(notice.data, "new")
    if promise_of(order, group) != new:
        raise Unwanted("MOVED_AGAIN")
    lines = (line for line in order.lines if line.ship_group_id == group)
    waiting = units(order, {line.line_id: awaited(line) for line in lines})
    if not waiting:
        raise Unwanted("NOTHING_AWAITED")
    if old and new and not is_a_later_day(order, group, new, old):
        raise Unwanted("NO_LATER_DAY")
    zone, days = zone_for(order, group), {"old": old, "new": new}
    told = {
        which: language.day(moment.astimezone(zone).date())
        for which, moment in days.items()
        if moment
    }
    name = "order_delayed" if old else "order_delayed_known"
    return name if new else "order_delayed_unknown", {"lines": waiting, **told}


def _moment(data: Mapping[str, object], name: str) -> datetime | None:
    text = data.get(name)
    return from_text(str(text)) if text else None
