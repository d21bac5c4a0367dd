"""Every minute: whatever should have happened by now and did not.

One index holds what is awaited: the relay's acknowledgement first (a lost stream record), then the
item's own `due_at` (release time, service level, the next look at a backorder).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from dom.errors import DomError
from dom.model.fulfillment import FulfillmentOrder
from dom.model.order import UNASSIGNED, Bucket, Order
from dom.model.rma import Return
from dom.relay.relay import Items, Key, Relay, relay
from dom.relay.steps import Record, Unreadable, Unrelayed
from dom.relay.wanted import is_asked_for

# Asked again if routing has not answered by then.
PATIENCE = timedelta(minutes=5)
# What waits for stock is woken by it. By time it is tried after a tenth of the time for which it
# has waited, or a long line would keep the sweep from everything else.
SHARE, LONGEST = 10, timedelta(hours=6)
# While more is due than these a run goes on.
ROUND = 50


class Due(Items, Protocol):
    """The table's items, and its index of what is awaited."""

    def due(self, until: datetime) -> list[Key]:
        """Keys whose time has come, the longest overdue first; as many as one run can handle."""

    def postpone(self, item: Unrelayed, until: datetime | None) -> None:
        """Look at it again then, unless it has changed meanwhile. None: when it is next written."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """Ports: the relay of the table, its index, what is done with late work and returns, who looks
    at the promises of an order, who warns that its authorized money ends, and who reminds of
    a choice, or ends it.
    """

    relay: Relay
    table: Due
    expire: Callable[[str], object]
    overdue: Callable[[str], object]
    foresee: Callable[[str], object]
    warn: Callable[[str], object]
    choose: Callable[[str], object] = lambda name: None


def sweep(ports: Sweep, more: Callable[[], bool] = lambda: False) -> tuple[int, int]:
    """Handle what is due, and what is left of it as long as there is time for `more`; returns how
    many items were and how many of them failed.
    """
    seen, total, failures = set[tuple[tuple[str, str], ...]](), 0, 0
    while True:
        due = {tuple(sorted(key.items())): key for key in ports.table.due(ports.relay.clock())}
        # The index may still show what was just done.
        keys = [key for name, key in due.items() if name not in seen]
        seen |= due.keys()
        failures += _sweep(keys, ports) if keys else 0
        total += len(keys)
        if len(keys) < ROUND or not more():
            return total, failures


def _sweep(keys: Sequence[Key], ports: Sweep) -> int:
    now = ports.relay.clock()
    failed = len(relay(keys, ports.relay))
    items = ports.table.read(keys)
    orders = [i for i in items if isinstance(i.record, Order) and _is_late(i.record.wakes_at, now)]
    for item in orders:
        if _step(item.record, ports, now) is None:
            _let_rest(item, ports, now)
    waiting = [i for i in orders if isinstance(i.record, Order) and _waits(i.record, now)]
    failed += _route(waiting, ports, now)
    stuck = [item for item in items if not _handled(item, ports, now)]
    for item in stuck:
        ports.table.postpone(item, now + PATIENCE)
    failed += sum(not isinstance(item.record, Unreadable) for item in stuck)
    return failed


def _handled(item: Unrelayed, ports: Sweep, now: datetime) -> bool:
    """Do what is due of it; False if that failed, or nobody can tell what the item is.

    Such items wait like the others, so that they never crowd out those behind them.
    """
    step = _step(item.record, ports, now)
    try:
        if step:
            step()
            _let_rest(item, ports, now)
    except DomError:
        return False
    return not isinstance(item.record, Unreadable)


def _step(record: Record, ports: Sweep, now: datetime) -> Callable[[], object] | None:
    if isinstance(record, FulfillmentOrder) and _is_late(record.due_at, now):
        return partial(ports.expire, record.id)
    if isinstance(record, Return) and _is_late(record.due_at, now):
        return partial(ports.overdue, record.id)
    if isinstance(record, Order) and _is_late(_warn_at(record), now):
        return partial(ports.warn, record.order_id)
    if isinstance(record, Order) and _is_late(record.choose_at, now):
        return partial(ports.choose, record.order_id)
    if isinstance(record, Order) and record.hold_reason is None and _is_late(record.look_at, now):
        return partial(ports.foresee, record.order_id)
    return None


def _is_late(due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and due_at <= now


def _waits(order: Order, now: datetime) -> bool:
    units = sum(line.units(bucket) for line in order.lines for bucket in UNASSIGNED)
    return units > 0 and order.hold_reason is None and _is_late(order.due_at, now)


def _let_rest(item: Unrelayed, ports: Sweep, now: datetime) -> None:
    """Keep an order that the sweep can do nothing more for from crowding out the others.

    One that wants something back, or to be counted, was just asked for again by the relay; nothing
    is awaited of the rest (held, or settled since) but a later look at its promises, and whatever
    changes them puts them into the index again.
    """
    if isinstance(item.record, Order) and not _waits(item.record, now):
        again = now + PATIENCE if is_asked_for(item.record) else _next_look(item.record, now)
        ports.table.postpone(item, again)


def _next_look(order: Order, now: datetime) -> datetime | None:
    warn_at = _warn_at(order)
    looks = [order.look_at] if order.look_at and order.look_at > now else []
    looks += [max(at, now + PATIENCE) for at in (warn_at, order.choose_at) if at]
    return min(looks, default=None)


def _warn_at(order: Order) -> datetime | None:
    return order.authorization.warn_at if order.authorization else None


def _route(items: Sequence[Unrelayed], ports: Sweep, now: datetime) -> int:
    ids = [item.key["order_id"] for item in items]
    refused = set(ports.relay.receivers.route(ids)) if ids else set()
    for item in items:
        if item.key["order_id"] not in refused:
            ports.table.postpone(item, now + _patience(item.record, now))
    return len(refused)


def _patience(record: Record, now: datetime) -> timedelta:
    if not isinstance(record, Order) or record.waits_since is None:
        return PATIENCE
    if any(line.units(Bucket.PENDING) for line in record.lines):
        return PATIENCE  # routing has not answered yet
    return min(max(PATIENCE, (now - record.waits_since) / SHARE), LONGEST)
