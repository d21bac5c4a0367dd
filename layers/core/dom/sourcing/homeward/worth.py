"""What returned units are worth at a location: the better, the sooner somebody there wants one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dom.model.ids import LocationId
from dom.model.return_policy import ReturnRouting
from dom.sourcing.homeward.case import Coming, ReturnCase

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Supply:
    """A line's SKU in the network: units by location, who holds any, and units wanted a week.

    `total` counts what is owed against what there is.
    """

    line: Coming
    held: Mapping[str, int]
    holders: int
    total: int
    weekly: float

    def weeks(self, location_id: LocationId) -> float:
        """Weeks that the stock lasts that one more unit would join.

        Demand is taken to be shared evenly by the locations that hold the SKU, as routing takes it;
        a location that holds none adds to what the network sells. 0 where the demand is not known,
        or where more is owed than there is.
        """
        if not self.weekly:
            return 0.0
        here = self.held.get(location_id, 0)
        return (here * self.holders if here > 0 else max(0, self.total)) / self.weekly


def supplies(case: ReturnCase) -> tuple[Supply, ...]:
    """The supply of each line: once for a decision, however many locations it looks at."""
    return tuple(_supply(case, line) for line in case.lines)


def _supply(case: ReturnCase, line: Coming) -> Supply:
    product, held = case.product(line), case.units.get(line.sku or "", {})
    daily = product.daily_demand if product else 0.0
    holders = sum(units > 0 for units in held.values())
    return Supply(line, held, holders, sum(held.values()), daily * DAYS_A_WEEK)


def percent_there(supply: Supply, location_id: LocationId, by: ReturnRouting) -> int:
    """Percent of its price that a unit brings there: all where none is left, less with each week of
    supply, down to `ample_percent` where stock lasts for `weeks_ample` weeks."""
    weeks = supply.weeks(location_id)
    spare = min(1.0, weeks / by.weeks_ample) if by.weeks_ample else 0.0
    return round(100 - (100 - by.ample_percent) * spare)


def brings(supply: Supply, location_id: LocationId, by: ReturnRouting) -> tuple[int, int]:
    """(what the line's units bring there, what is spent on making some sellable), minor units.

    Of 100 units, `resale_percent` are as new. Each other is refurbished where that leaves more than
    its salvage, else sold for `salvage_percent` of its price.
    """
    line = supply.line
    good = by.resale_percent.get(line.reason, 0)
    there = line.value * percent_there(supply, location_id, by) // 100
    salvage = line.value * by.salvage_percent // 100
    mended = there - by.refurbish >= salvage
    rest = there if mended else salvage
    brought = line.quantity * (good * there + (100 - good) * rest) // 100
    spent = line.quantity * (100 - good) * by.refurbish // 100 if mended else 0
    return brought, spent
