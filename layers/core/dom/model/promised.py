"""When a customer is to have a ship group, as the customer was told, and how that moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from dom.model.clock import to_text
from dom.model.fulfillment import FulfillmentOrder
from dom.model.history import append
from dom.model.order import GONE, Bucket, Order, OrderLine
from dom.model.zones import zone_of

MOVED = "PromiseMoved"
_SHORT = (Bucket.BACKORDERED, Bucket.PREORDERED)
# So long before a promise somebody must say that it will not be kept: of units that no location
# has, and of work that is kept within hours.
NOTICE = timedelta(hours=24)
NOTICE_OF_HOURS = timedelta(hours=1)


class MoveReason(StrEnum):
    """Why what was told does not hold, or why there is more to tell now."""

    LATE = "late"  # a location has not handed over in time
    REROUTED = "rerouted"  # what sends it now takes longer
    SHORT = "short"  # nobody has it
    SUPPLY = "supply"  # the day of the delivery that it waits for
    RELEASE = "release"  # the day from which it may be sold
    CARRIER = "carrier"  # its carrier says so


def promise_of(order: Order, ship_group_id: str) -> datetime | None:
    """Until when the customer expects to have it: what was told last. None: nothing was promised,
    or the customer knows that nobody knows.
    """
    if ship_group_id in order.told:
        return order.told[ship_group_id]
    return next((g.promised_by for g in order.ship_groups if g.id == ship_group_id), None)


def zone_for(order: Order, ship_group_id: str) -> tzinfo:
    """The zone in whose days its customer thinks; UTC where nobody knows."""
    to = (group.destination for group in order.ship_groups if group.id == ship_group_id)
    return zone_of(next(to, None)) or UTC


def is_a_later_day(order: Order, ship_group_id: str, new: datetime, old: datetime) -> bool:
    """Whether the customer, who was told a day, has to wait for another one."""
    zone = zone_for(order, ship_group_id)
    return new.astimezone(zone).date() > old.astimezone(zone).date()


def move_promise(
    order: Order,
    ship_group_id: str,
    new: datetime | None,
    reason: MoveReason,
    now: datetime,
    actor: str,
) -> Order:
    """The order with PromiseMoved in its history; as it is if the customer knows that already.

    `new`: until when all of the group is with the customer; None: nobody knows any more. The event
    is what customers are told by, once for each word that differs from the one before.
    """
    old = promise_of(order, ship_group_id)
    if old == new:
        return order
    facts = {
        "ship_group_id": ship_group_id,
        "old": to_text(old) if old else None,
        "new": to_text(new) if new else None,
        "reason": reason.value,
    }
    history = append(order.history, now, MOVED, actor, **facts)
    return replace(order, told={**order.told, ship_group_id: new}, history=history)


def awaited(line: OrderLine) -> int:
    """Units of a line that its customer still waits for."""
    over = sum(line.units(bucket) for bucket in (*GONE, Bucket.CANCELLED))
    return line.quantity - over


def short(order: Order, ship_group_id: str) -> bool:
    """Whether units of the group wait for goods: routing has looked and found none."""
    lines = (line for line in order.lines if line.ship_group_id == ship_group_id)
    return any(line.units(bucket) for line in lines for bucket in _SHORT)


def stands_for_all(
    order: Order, ship_group_id: str, works: Iterable[FulfillmentOrder]
) -> datetime | None:
    """The last day of these works, if they hold all that the group's customer still waits for, and
    nobody has named a day. None: they do not, or somebody has.
    """
    group = next((one for one in order.ship_groups if one.id == ship_group_id), None)
    if group is None or group.promised_by or ship_group_id in order.told or order.ship_after:
        return None
    mine = [work for work in works if work.ship_group_id == ship_group_id]
    held = Counter[str]()
    for work in mine:
        held.update({line.line_id: line.quantity for line in work.lines})
    lines = (line for line in order.lines if line.ship_group_id == ship_group_id)
    days = [work.delivers_by for work in mine if work.delivers_by]
    whole = all(held[line.line_id] >= awaited(line) for line in lines)
    return max(days) if days and whole else None


def watched(order: Order, works: Iterable[FulfillmentOrder], now: datetime) -> Order:
    """The order with new work: looked at again while what was promised can still be told anew.

    Where the channel promised nothing, the day of the first work that a group is complete with
    stands for it. Where it has other work, too, whoever looks reads all of it and notes the day.
    An exchange leaves when something comes back, so nothing is promised of it.
    """
    if order.ship_after:
        return order
    works, told = tuple(works), dict(order.told)
    for group in order.ship_groups:
        if day := stands_for_all(order, group.id, works):
            told[group.id] = day
    order = replace(order, told=told)
    looks = [order.look_at, *(_look_at(order, work, now) for work in works)]
    looks += [_notice(order, group.id, now) for group in order.ship_groups]
    return replace(order, look_at=min((at for at in looks if at), default=None))


def _look_at(order: Order, work: FulfillmentOrder, now: datetime) -> datetime | None:
    promise = promise_of(order, work.ship_group_id)
    if promise is None:
        # Nothing was promised, and it is complete now with what it had; or that nobody knows, and
        # now somebody does.
        told = work.ship_group_id in order.told
        return now if told or not short(order, work.ship_group_id) else None
    in_time = work.delivers_by is None or work.delivers_by <= promise
    return work.ships_by if in_time else now


def _notice(order: Order, ship_group_id: str, now: datetime) -> datetime | None:
    promise = promise_of(order, ship_group_id)
    waits = promise is not None and short(order, ship_group_id)
    return max(now, promise - NOTICE) if promise and waits else None
