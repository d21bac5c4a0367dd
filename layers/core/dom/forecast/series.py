"""Units sold a day, counted from order lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Sale(NamedTuple):
    """Units of a SKU that were asked for in a region, on a day; any number of them may come."""

    sku: str
    region: str
    day: date
    units: int


@dataclass(frozen=True, slots=True)
class Series:
    """Units by day from `start` on, one figure for each day, also for those without a sale."""

    sku: str
    region: str
    start: date
    units: tuple[int, ...]


def series_of(sales: Iterable[Sale], until: date) -> list[Series]:
    """One series per SKU and region, from its first sale up to, but not including, `until`.

    Days before the first sale are not zeros: it is not known that the SKU was offered. Sales from
    `until` on are passed over.
    """
    counted: dict[tuple[str, str], dict[date, int]] = defaultdict(dict)
    for one in sales:
        if one.day < until and one.units > 0:
            days = counted[one.sku, one.region]
            days[one.day] = days.get(one.day, 0) + one.units
    return [_filled(*name, counted[name], until) for name in sorted(counted)]


def _filled(sku: str, region: str, days: dict[date, int], until: date) -> Series:
    first = min(days)
    span = range((until - first).days)
    return Series(sku, region, first, tuple(days.get(_day(first, n), 0) for n in span))


def _day(first: date, number: int) -> date:
    return date.fromordinal(first.toordinal() + number)
