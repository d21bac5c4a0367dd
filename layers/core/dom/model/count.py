"""Cycle counts: what people found on a shelf, and whether somebody has to look before it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dom.model.ids import LocationId, Sku, timed_id


class CountStatus(StrEnum):
    """How far a count is. RECEIVED: what needs no look is being applied."""

    RECEIVED = "received"
    REVIEW = "review"
    APPROVED = "approved"
    APPLIED = "applied"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Differences up to so many units, or percent of what was expected, are believed."""

    units: int = 2
    percent: int = 5

    def allows(self, expected: int, counted: int) -> bool:
        """Whether the difference needs nobody's look."""
        gap = abs(counted - expected)
        return gap <= self.units or gap * 100 <= self.percent * abs(expected)


@dataclass(frozen=True, slots=True)
class CountLine:
    """Units `counted` of a SKU, and what was `expected` then. `doubted`: a person looks."""

    sku: Sku
    counted: int
    expected: int
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class StockCount:
    """A count of some SKUs at a location, as of `counted_at`. `version` guards every write."""

    id: str
    location_id: LocationId
    reference: str
    counted_at: datetime
    lines: tuple[CountLine, ...]
    created_at: datetime
    created_by: str
    status: CountStatus = CountStatus.RECEIVED
    decided_by: str = ""
    version: int = 0

    def part(self, doubted: bool) -> tuple[CountLine, ...]:
        """The lines that somebody has to look at, or the others."""
        return tuple(line for line in self.lines if line.doubted is doubted)


def count_id(location_id: str, reference: str, counted_at: datetime) -> str:
    """A function of what is told: ids of a location sort by the time of the count."""
    return timed_id(counted_at, location_id, reference)
