"""What a channel changed and we never heard of: webhooks are hints, and hints get lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dom.errors import Rejected
from dom.intake.ports import (
    BY_RECONCILER,
    Feed,
    Inbound,
    InboundQueue,
    KnownOrders,
    Mark,
    Marks,
)
from dom.model.clock import Clock, from_text
from dom.model.facts import SeenOrder
from dom.model.ids import OrderId, order_id_for

# How far back the first look goes, and each look goes back behind what was seen: channels index
# what changed with a delay of their own.
FIRST = timedelta(hours=1)
OVERLAP = timedelta(minutes=5)
# What changed a moment ago is still on its way here by itself.
ON_ITS_WAY = timedelta(minutes=2)
# More were not brought in by one look at what changed within the overlap.
MOST_KEPT = 2_000
EPOCH = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Reconciling:
    """Ports. `count` is told what was found, by name. `enough`: time is nearly over."""

    orders: KnownOrders
    queue: InboundQueue
    marks: Marks
    clock: Clock
    count: Callable[[str, int], object] = lambda name, value: None
    enough: Callable[[], bool] = lambda: False


def reconcile_orders(channel: str, account: str, feed: Feed, ports: Reconciling) -> int:
    """Bring in what the channel changed since the last look and is not here, or is older here.

    It comes as a webhook would, so whatever is still on its way changes nothing. Returns how many
    orders were brought in. How far it came is noted after each page, so that an interrupted look
    goes on there. Busy, Rejected: as the feed says. An order that the channel lists and refuses to
    hand out keeps no other waiting: Rejected names the first such at the end.
    """
    now = ports.clock()
    mark = ports.marks.load(channel, account) or Mark(now - FIRST)
    since, until = mark.at - OVERLAP, now - ON_ITS_WAY
    cursor, brought, refused = "", 0, list[Rejected]()
    while True:
        seen, cursor = feed.page(since, until, cursor)
        behind = _behind(channel, account, seen, mark, ports)
        for one in behind:
            try:
                ports.queue.send(_inbound(channel, account, one, feed, now))
                brought += 1
            except Rejected as error:
                refused.append(Rejected(f"order {one.external_id}: {error}"))
        if seen:
            mark = _moved_on(mark, seen, behind)
            ports.marks.save(channel, account, mark)
        if not cursor or ports.enough():
            break
    if refused:
        raise refused[0]
    return brought


def _behind(
    channel: str, account: str, seen: Sequence[SeenOrder], mark: Mark, ports: Reconciling
) -> list[SeenOrder]:
    """Those that are not here, and those that changed after what we know of them.

    A change that is nothing to us leaves no trace in the order: what was brought in is remembered.
    """
    new = [one for one in seen if mark.brought.get(one.external_id) != one.updated_at]
    names = {one.external_id: order_id_for(channel, account, one.external_id) for one in new}
    known = _told(names.values(), ports)
    missing = [one for one in new if names[one.external_id] not in known]
    here = ((one, known.get(names[one.external_id])) for one in new)
    older = [one for one, told in here if told and told < one.updated_at]
    ports.count("OrdersCompared", len(seen))
    ports.count("OrdersMissing", len(missing))
    ports.count("OrdersBehind", len(older))
    return [*missing, *older]


def _told(names: Iterable[OrderId], ports: Reconciling) -> dict[OrderId, datetime]:
    """By order, when the channel changed it as far as we know; the epoch if nobody said."""
    found = ports.orders.load_many(names)
    return {one.order_id: from_text(str(one.source.get("updated_at") or EPOCH)) for one in found}


def _inbound(channel: str, account: str, one: SeenOrder, feed: Feed, now: datetime) -> Inbound:
    delivery = f"{BY_RECONCILER}{one.external_id}-{one.updated_at.isoformat()}"
    return Inbound(channel, account, feed.topic, delivery, now, feed.fetch(one.external_id))


def _moved_on(mark: Mark, seen: Sequence[SeenOrder], behind: Sequence[SeenOrder]) -> Mark:
    at = max(mark.at, seen[-1].updated_at)
    brought = {**mark.brought, **{one.external_id: one.updated_at for one in behind}}
    newest = sorted(brought.items(), key=lambda pair: pair[1])[-MOST_KEPT:]
    return Mark(at, {name: moment for name, moment in newest if moment >= at - OVERLAP})
