"""Unallocated demand: units that are sold and that nobody has set aside yet.

It is counted with the order itself, in one transaction: `Order.counted` says what of an order is
counted, so that whoever writes the order counts up or down exactly what its write changes. Counters
are spread over shards; an order always counts on the same one, so none ever falls below 0.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dom.model.ids import OrderId, Sku
from dom.model.order import Bucket, Order

# DynamoDB takes 1,000 write units a second of an item, and a transaction two for each write.
SHARDS = 4
_QUEUED = (Bucket.PENDING, Bucket.BACKORDERED)

Counter = tuple[Sku, int]


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


def changed_skus(order: Order) -> list[Sku]:
    """SKUs whose count the order's write changes, those that rise first."""
    wanted = demand_of(order)
    changed = [
        x for x in {**wanted, **order.counted} if wanted.get(x, 0) != order.counted.get(x, 0)
    ]
    return sorted(changed, key=lambda sku: (wanted.get(sku, 0) < order.counted.get(sku, 0), sku))


@dataclass(frozen=True, slots=True)
class Counted:
    """Orders as they are to be stored, and what that adds to each counter."""

    orders: tuple[Order, ...]
    counters: Mapping[Counter, int]


def count_up(orders: Iterable[Order], room: int) -> Counted:
    """Count the orders' demand, on at most `room` counters.

    What does not fit stays uncounted, or counted, and shows in the order as stored: the relay
    sees it, and has it written again.
    """
    counters: dict[Counter, int] = {}
    done: list[Order] = []
    for order in orders:
        wanted, counted, shard = demand_of(order), dict(order.counted), shard_of(order.order_id)
        for sku in changed_skus(order):
            if (sku, shard) not in counters and len(counters) >= room:
                continue
            counters[sku, shard] = counters.get((sku, shard), 0)
            counters[sku, shard] += wanted.get(sku, 0) - counted.pop(sku, 0)
            if sku in wanted:
                counted[sku] = wanted[sku]
        done.append(replace(order, counted=counted))
    return Counted(tuple(done), {name: units for name, units in counters.items() if units})
