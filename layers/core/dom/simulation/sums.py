"""What is counted of orders: sums that add up over any set of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from operator import attrgetter


@dataclass(frozen=True, slots=True)
class Sums:
    """Totals over orders. Money in minor units; `seconds` from placing to the last arrival.

    `shipped`: orders with a parcel; `split`: those with more parcels than ship groups;
    `backordered`: orders with units left over. `promised`: orders that were told a date, `kept`:
    those that have all of it in time. `score` is what their plans cost in the eyes of their rules,
    `markdown` the part of it that slow stock was credited with.
    """

    orders: int = 0
    units: int = 0
    sent: int = 0
    shipped: int = 0
    parcels: int = 0
    split: int = 0
    backordered: int = 0
    shipping: int = 0
    handling: int = 0
    score: int = 0
    seconds: int = 0
    promised: int = 0
    kept: int = 0
    co2e_grams: int = 0
    markdown: int = 0

    @property
    def cash(self) -> int:
        """What is really paid."""
        return self.shipping + self.handling

    @property
    def days(self) -> float:
        """The waiting in days."""
        return self.seconds / 86_400


def total(parts: Iterable[Sums]) -> Sums:
    """The sum of all."""
    columns = zip(*map(_VALUES, parts), strict=True)
    return Sums(*map(sum, columns))


_VALUES = attrgetter(*(field.name for field in fields(Sums)))
