"""When a customer will have a ship group, as things stand: by its work, its parcels, what waits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from math import ceil

from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.order import Order
from dom.model.promised import (
    NOTICE,
    MoveReason,
    awaited,
    is_a_later_day,
    move_promise,
    promise_of,
    short,
    stands_for_all,
    zone_for,
)
from dom.model.prospect import Prospect
from dom.model.queue import prospect_of

S, R = FulfillmentStatus, MoveReason
ACTOR = "sweeper"
_HERE = frozenset({S.ASSIGNED, S.RELEASED, S.ACCEPTED, S.PICKING, S.PACKED, S.CANCEL_REQUESTED})


@dataclass(frozen=True, slots=True)
class Outlook:
    """Until when the customer has something. `by` None: nobody knows. `look_at`: when that can
    change though nobody does anything; None: never.
    """

    by: datetime | None
    reason: MoveReason
    look_at: datetime | None = None


def foreseen(order: Order, works: Sequence[FulfillmentOrder], now: datetime) -> Order:
    """The order with what its customer must be told now, and when to look again.

    A promise never moves forward by itself: who is told a day too late has the goods early. A day
    is told only if somebody stands behind it; of work that is late that is nobody, and then only a
    new plan or a carrier has more to say.
    """
    looks: list[datetime] = []
    at_work = [work for work in works if work.status in _HERE | {S.SHIPPED}]
    for group in order.ship_groups:
        if day := stands_for_all(order, group.id, at_work):
            order = replace(order, told={**order.told, group.id: day})
        seen = list(_outlooks(order, group.id, works, now))
        if seen:
            order = _told(order, group.id, _worst(seen), now)
        if promise_of(order, group.id):
            # Of the new word, where there is one.
            again = _outlooks(order, group.id, works, now)
            looks += [one.look_at for one in again if one.look_at]
    return replace(order, look_at=min(looks, default=None))


def carried(order: Order, work: FulfillmentOrder, now: datetime) -> Order:
    """The order after its carrier spoke of the work, where that breaks what was told."""
    found = _of_work(work, order, now)
    if found is None or promise_of(order, work.ship_group_id) is None:
        return order
    return _told(order, work.ship_group_id, found, now, "carrier")


def _told(
    order: Order, ship_group_id: str, worst: Outlook, now: datetime, actor: str = ACTOR
) -> Order:
    promise = promise_of(order, ship_group_id)
    if promise is None and ship_group_id not in order.told:
        return order
    if promise and worst.by and not is_a_later_day(order, ship_group_id, worst.by, promise):
        return order
    return move_promise(order, ship_group_id, worst.by, worst.reason, now, actor)


def _worst(seen: Iterable[Outlook]) -> Outlook:
    """What nobody knows of, else what comes last."""
    return max(seen, key=lambda one: (one.by is None, one.by.timestamp() if one.by else 0.0))


def _outlooks(
    order: Order, ship_group_id: str, works: Iterable[FulfillmentOrder], now: datetime
) -> Iterator[Outlook]:
    lines = [line for line in order.lines if line.ship_group_id == ship_group_id]
    if not any(awaited(line) for line in lines):
        return
    for work in works:
        if work.ship_group_id == ship_group_id and (found := _of_work(work, order, now)):
            yield found
    if short(order, ship_group_id):
        yield from _of_what_waits(order, ship_group_id, now)


def _of_what_waits(order: Order, ship_group_id: str, now: datetime) -> Iterator[Outlook]:
    promise = promise_of(order, ship_group_id)
    prospect = prospect_of(order, ship_group_id, now.date())
    if prospect and prospect.on and prospect.until:
        # By that day it should have come: else nobody knows any more. A release has all of its day.
        over = prospect.on if prospect.by else prospect.on + timedelta(days=1)
        yield Outlook(prospect.until, reason_of(prospect), datetime.combine(over, time(), UTC))
    elif promise and now < promise - NOTICE:
        yield Outlook(promise, R.SHORT, promise - NOTICE)
    elif promise or ship_group_id in order.told:
        yield Outlook(None, R.SHORT)


def reason_of(prospect: Prospect) -> MoveReason:
    """What names its day: the delivery that it waits for, or the release."""
    return R.SUPPLY if prospect.by or not prospect.on else R.RELEASE


def _of_work(work: FulfillmentOrder, order: Order, now: datetime) -> Outlook | None:
    if work.status is S.DELIVERY_FAILED:
        return Outlook(None, R.CARRIER)
    if work.status is S.SHIPPED and work.arrives_on:
        evening = time(23, 59)
        zone = zone_for(order, work.ship_group_id)
        by = datetime.combine(work.arrives_on, evening, zone).astimezone(UTC)
        return Outlook(by, R.CARRIER)
    if work.delivers_by is None or work.status not in _HERE | {S.SHIPPED}:
        return None
    if work.status is S.SHIPPED or work.ships_by is None:
        return Outlook(work.delivers_by, R.REROUTED)
    # Who prepares it may have named a later day: so many days later it arrives.
    leaves = max(work.ships_by, work.eta or work.ships_by)
    if leaves <= now:
        return Outlook(None, R.LATE)
    days = ceil((leaves - work.ships_by) / timedelta(days=1))
    by = work.delivers_by + timedelta(days=days)
    return Outlook(by, R.LATE if days else R.REROUTED, leaves)
