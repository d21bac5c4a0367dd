"""The line for a SKU: orders that wait for units of it, by priority, then age, then id.

An order stands in the line of each SKU that it lacks, or whose day has not come. Its places are
written in its own transaction, as its demand is counted: `Order.queued` says what of it is listed.
Nobody stands in line while held, and tests never do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from dom.model.clock import to_text
from dom.model.ids import OrderId, Sku
from dom.model.order import Bucket, Order
from dom.model.prospect import UNKNOWN, Prospect, Wait

# Priorities beyond these are taken as these.
_TOP = 1_000_000


class Place(NamedTuple):
    """Names a place in the line for a SKU."""

    sku: Sku
    rank: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order in the line for a SKU, as it is listed."""

    order_id: OrderId
    rank: str
    units: int
    prospect: Prospect | None = None


def rank_of(order: Order) -> str:
    """Sorts as text as routing solves a batch: higher priority first, then older, then by id."""
    priority = max(-_TOP, min(_TOP, order.priority))
    return f"{_TOP - priority:07d}#{to_text(order.placed_at)}#{order.order_id}"


def lacking(order: Order) -> dict[Sku, int]:
    """Units by SKU that wait in line: backordered, or until the day of their release."""
    return _waiting(order, (Bucket.BACKORDERED, Bucket.PREORDERED))


def backordered(order: Order) -> dict[Sku, int]:
    """Units by SKU that could leave, and that nobody has."""
    return _waiting(order, (Bucket.BACKORDERED,))


def _waiting(order: Order, buckets: Iterable[Bucket]) -> dict[Sku, int]:
    wanted, units = tuple(buckets), dict[Sku, int]()
    for line in order.lines:
        waiting = sum(line.units(bucket) for bucket in wanted)
        if waiting and line.sku and line.ship_group_id:
            units[line.sku] = units.get(line.sku, 0) + waiting
    return units


def prospect_of(order: Order, ship_group_id: str, today: date) -> Prospect | None:
    """What may be expected of all that a ship group lacks: the latest day. None: it lacks nothing.

    `UNKNOWN` if that is so of any of it that could leave, or if its day has come and it has not. A
    release is for all of its day; what waits for that of others has a day of its own, or none.
    """
    found = _prospects(order, ship_group_id, Bucket.BACKORDERED)
    ahead = [one for one in _prospects(order, ship_group_id, Bucket.PREORDERED) if one.on]
    lost = any(one.on is None or one.on <= today for one in found)
    if lost or any(one.on is None or one.on < today for one in ahead):
        return UNKNOWN
    found += ahead
    return max(found, key=lambda one: (one.on or today, str(one.by)), default=None)


def _prospects(order: Order, ship_group_id: str, bucket: Bucket) -> list[Prospect]:
    lines = (line for line in order.lines if line.ship_group_id == ship_group_id)
    skus = {line.sku for line in lines if line.sku and line.units(bucket)}
    return [order.prospects.get(sku, UNKNOWN) for sku in skus]


def waits_of(order: Order) -> dict[Sku, Wait]:
    """The places that it should have."""
    if order.test or order.hold_reason is not None:
        return {}
    rank, prospects = rank_of(order), order.prospects
    return {sku: Wait(rank, n, prospects.get(sku)) for sku, n in lacking(order).items()}


def moves(order: Order) -> dict[Sku, Mapping[Place, Wait | None]]:
    """By SKU the places to write, or to remove (None), so that it is listed as it should be."""
    wanted, listed = waits_of(order), order.queued
    found = dict[Sku, Mapping[Place, Wait | None]]()
    for sku in sorted({*wanted, *listed}):
        new, old = wanted.get(sku), listed.get(sku)
        if new != old:
            left: dict[Place, Wait | None] = {Place(sku, old.rank): None} if old else {}
            found[sku] = left | ({Place(sku, new.rank): new} if new else {})
    return found
