"""Goods that are sold before the day from which they may leave: pre-orders."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dom.model.ids import OrderId, Sku
from dom.model.order import Bucket, Order
from dom.model.product import Product

# A continent has its midnights within these hours, and nobody packs before they are over: until
# then those in the west are waited for, or all that is released at once would leave from the east.
DAWN = timedelta(hours=6)
# Thousands wait for one release. They come back over so long, or the sweep would see nobody else.
SPREAD = timedelta(minutes=30)


def opens_at(day: date, zones: Iterable[str]) -> datetime:
    """The instant (UTC) from which goods that are released on that day are routed.

    The day has begun in all of these time zones, or in one of them `DAWN` ago. Before its day has
    begun at a location itself, nothing is taken there (`dom.sourcing.fences.released`).
    """
    midnight = datetime.combine(day, time())
    begins = [
        midnight.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for zone in {*zones} or {"UTC"}
    ]
    return min(max(begins), min(begins) + DAWN)


def wakes_at(order_id: OrderId, day: date, zones: Iterable[str]) -> datetime:
    """When an order comes back to be routed: within `SPREAD`, each at its own moment.

    The order of the line does not depend on it: those ahead of whoever comes are routed, too.
    """
    moment = zlib.crc32(order_id.encode()) % int(SPREAD.total_seconds())
    return opens_at(day, zones) + timedelta(seconds=moment)


def unreleased(product: Product | None, zones: Iterable[str], now: datetime) -> date | None:
    """The day from which it may leave, as long as it may not; None: it may, or was never kept."""
    day = product.releases_on if product else None
    return day if day and now < opens_at(day, zones) else None


def preordered(order: Order) -> dict[str, int]:
    """Units by line id that wait for the day of their release."""
    units = {line.line_id: line.units(Bucket.PREORDERED) for line in order.lines}
    return {name: n for name, n in units.items() if n}


def has_preordered(order: Order, sku: Sku) -> bool:
    """Whether units of that SKU wait for the day of a release."""
    return any(line.sku == sku and line.units(Bucket.PREORDERED) for line in order.lines)
