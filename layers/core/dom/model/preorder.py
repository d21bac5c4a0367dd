"""Goods that are sold before the day from which they may leave: pre-orders."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dom.model.ids import OrderId, Sku
from dom.model.order import Bucket, Order

# A continent has its midnights within these hours, and nobody packs before they are over: until
# then those in the west are waited for, or all that is released at once would leave from the east.
DAWN = timedelta(hours=6)
# Thousands wait for one release. They come back over so long, or the sweep would see nobody else:
# it takes 400 items a minute. Where more are sold ahead, over more, about 60 of them a minute; but
# a limit may also be a number that is only large.
SPREAD, MOST_SPREAD = timedelta(minutes=30), timedelta(days=1)
# No clock is further behind: after that, the day has begun everywhere.
WESTERNMOST = timedelta(hours=12)


def begins(day: date, zone: str) -> datetime:
    """The instant (UTC) at which the day begins in that time zone."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def has_begun(day: date, zone: str, now: datetime) -> bool:
    """Whether the day has begun in that time zone."""
    return now.astimezone(ZoneInfo(zone)).date() >= day


def is_everywhere(day: date, now: datetime) -> bool:
    """Whether the day has begun wherever on earth."""
    return now >= datetime.combine(day, time(), UTC) + WESTERNMOST


def opens_at(midnights: Iterable[datetime]) -> datetime:
    """The instant from which goods are sold and routed whose day begins then at their locations:
    it has begun at all of them, or at one of them `DAWN` ago.
    """
    instants = sorted(midnights)
    return min(instants[-1], instants[0] + DAWN)


def wakes_at(order_id: OrderId, at: datetime, limit: int) -> datetime:
    """When an order comes back to be routed: after that instant, each at its own moment.

    `limit`: units that are sold ahead; with one a second they come back, within `SPREAD` at least
    and `MOST_SPREAD` at most. The order of the line does not depend on it: those ahead of whoever
    comes are routed, too.
    """
    spread = min(max(SPREAD, timedelta(seconds=limit)), MOST_SPREAD)
    return at + timedelta(seconds=zlib.crc32(order_id.encode()) % int(spread.total_seconds()))


def preordered(order: Order) -> dict[str, int]:
    """Units by line id that wait for the day of their release."""
    units = {line.line_id: line.units(Bucket.PREORDERED) for line in order.lines}
    return {name: n for name, n in units.items() if n}


def has_preordered(order: Order, sku: Sku) -> bool:
    """Whether units of that SKU wait for the day of a release."""
    return any(line.sku == sku and line.units(Bucket.PREORDERED) for line in order.lines)
