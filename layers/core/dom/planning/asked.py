"""What orders asked for, summed: by SKU, region, place and day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, tzinfo
from typing import NamedTuple
from zlib import crc32

from dom.forecast.sales import asked_of
from dom.model.geo import Coordinates
from dom.model.ids import LocationId
from dom.model.order import Order, ShipGroup
from dom.sourcing.zip3 import locate

# Parts into which SKUs are spread: each is learnt by itself.
BUCKETS = 8
# Destinations are summed over half a degree, some 50 km: enough to say who is nearest.
CELLS = 2
STORE = "@"


class Asked(NamedTuple):
    """Units of a SKU that were asked for on a day. `place`: `@<location id>` of a pickup, else
    latitude and longitude to half a degree, or "" where nobody knows.
    """

    sku: str
    region: str
    place: str
    day: str
    units: int


def asked(orders: Iterable[Order], zone: tzinfo) -> list[Asked]:
    """What some orders ask for, summed."""
    return summed(
        Asked(sale.sku, sale.region, place_of(group), sale.day.isoformat(), sale.units)
        for order in orders
        for sale, group in asked_of(order, zone)
    )


def summed(rows: Iterable[Asked]) -> list[Asked]:
    """Rows, or those of several parts, as one for each SKU, region, place and day; by SKU."""
    total = Counter[tuple[str, str, str, str]]()
    for row in rows:
        total[row[:-1]] += row.units
    return sorted(Asked(*key, units) for key, units in total.items())


def bucket_of(sku: str) -> int:
    """The part that a SKU belongs to."""
    return crc32(sku.encode()) % BUCKETS


def place_of(group: ShipGroup) -> str:
    """The place of `Asked`."""
    if group.location_id:
        return STORE + group.location_id
    found = locate(group.destination) if group.destination else None
    if found is None:
        return ""
    cells = (round(degrees * CELLS) / CELLS for degrees in (found.latitude, found.longitude))
    return ",".join(f"{one:g}" for one in cells)


def read_place(place: str) -> LocationId | Coordinates | None:
    """The store, or the middle of the cell, or None."""
    if place.startswith(STORE):
        return LocationId(place.removeprefix(STORE))
    latitude, _, longitude = place.partition(",")
    return Coordinates(float(latitude), float(longitude)) if longitude else None


def day_of(row: Asked) -> date:
    """The local day."""
    return date.fromisoformat(row.day)
