"""What orders count: units that are sold and that nobody has set aside yet, and of ring-fences.

Those that wait for stock are counted apart, too, and stand in line (`dom.model.queue`). All of it
is counted with the order itself, in one transaction: `Order.counted`, `Order.drawn` and
`Order.queued` say what of an order is counted and listed, so that whoever writes the order counts
up or down exactly what its write changes. Counters are spread over shards; an order always counts
on the same one, so none ever falls below 0.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from dom.model.ids import OrderId, Sku
from dom.model.order import UNASSIGNED, Bucket, Order
from dom.model.prospect import Wait
from dom.model.queue import Place, lacking, moves

# DynamoDB takes 1,000 write units a second of an item, and a transaction two for each write.
SHARDS = 4
# In the place of a fence, whose names have an @: the units that stand in line for the SKU. Only
# routing makes orders wait, a group in one transaction, so that one shard is enough.
WAITING = "waiting"


class Counter(NamedTuple):
    """A counter of a SKU: of its unallocated demand, of what is sold of a ring-fence, or of the
    units that stand in line (`WAITING`)."""

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
        waiting = sum(line.units(bucket) for bucket in UNASSIGNED)
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


def uncounted(order: Order) -> list[Counter | Place]:
    """Counters and places in line that the order's write changes; counters that rise first."""
    names: list[Counter | Place] = [*_changed(_counts(order))]
    for sku, moved in moves(order).items():
        names += moved
        names += [_line(sku)] if _longer(order, sku, moved) else []
    return names


def _line(sku: Sku) -> Counter:
    return Counter(sku, 0, WAITING)


def _longer(order: Order, sku: Sku, moved: Mapping[Place, Wait | None]) -> int:
    """By how many units the line for the SKU grows with the order's moves in it."""
    listed = order.queued.get(sku)
    stands = sum(wait.units for wait in moved.values() if wait)
    return stands - (listed.units if listed else 0)


def _changed(counts: Mapping[Counter, _Count]) -> list[Counter]:
    changed = {name: one for name, one in counts.items() if one.wanted != one.counted}
    return sorted(changed, key=lambda name: (changed[name].wanted < changed[name].counted, name))


@dataclass(frozen=True, slots=True)
class Counted:
    """Orders as they are to be stored, what that adds to each counter, and who stands where in line
    (None: nobody any more)."""

    orders: tuple[Order, ...]
    counters: Mapping[Counter, int]
    places: Mapping[Place, Wait | None]


def count_up(orders: Iterable[Order], room: int) -> Counted:
    """Count the orders' units and list their places, by at most `room` writes.

    What does not fit stays uncounted, or counted, and shows in the order as stored: the relay
    sees it, and has it written again.
    """
    counters: dict[Counter, int] = {}
    places: dict[Place, Wait | None] = {}
    done: list[Order] = []
    for order in orders:
        counts = _counts(order)
        for name in _changed(counts):
            if name not in counters and len(counters) + len(places) >= room:
                continue
            one = counts[name]
            counters[name] = counters.get(name, 0) + one.wanted - one.counted
            counts[name] = one._replace(counted=one.wanted)
        queued = _stand(order, counters, places, room)
        done.append(_with(order, counts, queued))
    added = {name: units for name, units in counters.items() if units}
    return Counted(tuple(done), added, places)


def _stand(
    order: Order, counters: dict[Counter, int], places: dict[Place, Wait | None], room: int
) -> dict[Sku, Wait]:
    """Add the order's moves in line, each with its counter; what of it is listed then."""
    queued = dict(order.queued)
    for sku, moved in moves(order).items():
        line, longer = _line(sku), _longer(order, sku, moved)
        writes = len(moved) + (longer != 0 and line not in counters)
        if len(counters) + len(places) + writes > room:
            continue
        places |= moved
        if longer:
            counters[line] = counters.get(line, 0) + longer
        queued.pop(sku, None)
        for wait in filter(None, moved.values()):
            queued[sku] = wait
    return queued


def _with(order: Order, counts: Mapping[Counter, _Count], queued: Mapping[Sku, Wait]) -> Order:
    """The order that says what of it is counted, and no more than it still waits for."""
    units = {name: one.counted for name, one in counts.items() if one.counted}
    waits = lacking(order)
    return replace(
        order,
        counted={name.sku: n for name, n in units.items() if not name.fence},
        drawn={name.sku: n for name, n in units.items() if name.fence},
        queued=queued,
        prospects={sku: one for sku, one in order.prospects.items() if sku in waits},
    )
