"""What orders count: units that are sold and that nobody has set aside yet, and of ring-fences.

It is counted with the order itself, in one transaction: `Order.counted` and `Order.drawn` say what
of an order is counted, so that whoever writes the order counts up or down exactly what its write
changes. Counters are spread over shards; an order always counts on the same one, so none ever falls
below 0.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from dom.model.ids import OrderId, Sku
from dom.model.order import Bucket, Order

# DynamoDB takes 1,000 write units a second of an item, and a transaction two for each write.
SHARDS = 4
_QUEUED = (Bucket.PENDING, Bucket.BACKORDERED)


class Counter(NamedTuple):
    """A counter of a SKU: of its unallocated demand, or of what is sold of a ring-fence."""

    sku: Sku
    shard: int
    fence: str = ""


class _Count(NamedTuple):
    """What an order should count on a counter, and what it has counted there."""

    wanted: int
    counted: int


def shard_of(order_id: OrderId) -> int:
    """The shard on which an order counts."""
    return zlib.crc32(order_id.encode()) % SHARDS


def demand_of(order: Order) -> dict[Sku, int]:
    """Units by SKU that wait for a location, of a held order too. Tests are no demand."""
    units: dict[Sku, int] = {}
    for line in () if order.test else order.lines:
        waiting = sum(line.units(bucket) for bucket in _QUEUED)
        if waiting and line.sku and line.ship_group_id:
            units[line.sku] = units.get(line.sku, 0) + waiting
    return units


def drawn_of(order: Order) -> dict[Sku, int]:
    """Units by SKU that it has bought of ring-fences: all but the cancelled ones."""
    units: dict[Sku, int] = {}
    for line in () if order.test else order.lines:
        bought = line.quantity - line.units(Bucket.CANCELLED)
        if bought and line.sku and line.sku in order.fences:
            units[line.sku] = units.get(line.sku, 0) + bought
    return units


def _counts(order: Order) -> dict[Counter, _Count]:
    wanted, drawn, shard = demand_of(order), drawn_of(order), shard_of(order.order_id)
    found = {
        Counter(sku, shard): _Count(wanted.get(sku, 0), order.counted.get(sku, 0))
        for sku in {**wanted, **order.counted}
    }
    for sku in {**drawn, **order.drawn}:
        name = Counter(sku, shard, order.fences[sku])
        found[name] = _Count(drawn.get(sku, 0), order.drawn.get(sku, 0))
    return found


def uncounted(order: Order) -> list[Counter]:
    """Counters that the order's write changes, those that rise first."""
    return _changed(_counts(order))


def _changed(counts: Mapping[Counter, _Count]) -> list[Counter]:
    changed = {name: one for name, one in counts.items() if one.wanted != one.counted}
    return sorted(changed, key=lambda name: (changed[name].wanted < changed[name].counted, name))


@dataclass(frozen=True, slots=True)
class Counted:
    """Orders as they are to be stored, and what that adds to each counter."""

    orders: tuple[Order, ...]
    counters: Mapping[Counter, int]


def count_up(orders: Iterable[Order], room: int) -> Counted:
    """Count the orders' units, on at most `room` counters.

    What does not fit stays uncounted, or counted, and shows in the order as stored: the relay
    sees it, and has it written again.
    """
    counters: dict[Counter, int] = {}
    done: list[Order] = []
    for order in orders:
        counts = _counts(order)
        for name in _changed(counts):
            if name not in counters and len(counters) >= room:
                continue
            one = counts[name]
            counters[name] = counters.get(name, 0) + one.wanted - one.counted
            counts[name] = one._replace(counted=one.wanted)
        done.append(_with(order, counts))
    return Counted(tuple(done), {name: units for name, units in counters.items() if units})


def _with(order: Order, counts: Mapping[Counter, _Count]) -> Order:
    """The order that says what of it is counted."""
    units = {name: one.counted for name, one in counts.items() if one.counted}
    return replace(
        order,
        counted={name.sku: n for name, n in units.items() if not name.fence},
        drawn={name.sku: n for name, n in units.items() if name.fence},
    )
