"""Effort: how much work a FulfillmentOrder is, in whatever unit a retailer plans labor in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EffortRate:
    """What a location reckons for work of one delivery method, in effort units.

    An effort unit is what the retailer takes it for (a second, a point), the same everywhere.
    `order`: once for each FulfillmentOrder; `line`: for each of its lines; `unit`: for each unit,
    beside what its product asks (`Product.effort`).
    """

    order: int = 0
    line: int = 0
    unit: int = 0

    def of(self, lines: Iterable[tuple[int, int]]) -> int:
        """The effort of a work with these lines: units of each, and what a unit asks besides."""
        each = [self.line + units * (self.unit + extra) for units, extra in lines if units]
        return self.order + sum(each) if each else 0


# Of one line or unit; sums stay far below what a number in a table can be.
MOST_EFFORT = 1_000_000

# Where a location says nothing, the effort of goods is how many units they are.
UNITS = EffortRate(unit=1)
