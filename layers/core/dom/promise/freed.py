"""Positions as they are once the holds that have expired are given back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from dom.model.ids import LocationId, Sku
from dom.promise.ports import Promising

Freed = Mapping[tuple[Sku, LocationId], int]


def freed(skus: Iterable[Sku], now: datetime, ports: Promising) -> Freed:
    """`available` by position, of those positions only that an expired hold still keeps units of.

    Documents may not know of such a hold yet, so the position itself is read. Holds are looked for
    before and after it: what was given back in between stands in the position, and counts once.
    """
    wanted = sorted(set(skus))
    before = ports.reservations.expired(wanted, now)
    if not before:
        return {}
    keys = {(one.sku, one.location_id) for r in before for one in r.holds if one.sku in wanted}
    pairs = [(str(sku), str(place)) for sku, place in sorted(keys)]
    positions = ports.stock.positions_of(pairs)
    units = Counter[tuple[Sku, LocationId]]()
    for hold in (one for r in ports.reservations.expired(wanted, now) for one in r.holds):
        units[hold.sku, hold.location_id] += hold.quantity
    return {(p.sku, p.location_id): p.available + units[p.sku, p.location_id] for p in positions}
