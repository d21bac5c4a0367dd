"""What returned units are worth at a location: the better, the sooner somebody there wants one."""

from __future__ import annotations

from dom.model.location import Location
from dom.model.return_policy import ReturnRouting
from dom.sourcing.homeward.case import Coming, ReturnCase

DAYS_A_WEEK = 7


def weeks_of_supply(case: ReturnCase, line: Coming, location: Location) -> float:
    """Weeks that the stock lasts that one more unit would join.

    Demand is taken to be shared evenly by the locations that hold the SKU, as routing takes it; a
    location that holds none adds to what the network sells. 0 where the demand is not known, or
    where more is owed than there is.
    """
    product = case.product(line)
    held = case.units.get(line.sku or "", {})
    daily = product.daily_demand if product else 0.0
    if not daily:
        return 0.0
    holders = [units for units in held.values() if units > 0]
    here = held.get(location.location_id, 0)
    if here > 0:
        return here * len(holders) / (daily * DAYS_A_WEEK)
    return max(0, sum(held.values())) / (daily * DAYS_A_WEEK)


def percent_there(case: ReturnCase, line: Coming, location: Location, by: ReturnRouting) -> int:
    """Percent of its price that a unit brings there: all where none is left, less with each week of
    supply, down to `ample_percent` where stock lasts for `weeks_ample` weeks."""
    weeks = weeks_of_supply(case, line, location)
    spare = min(1.0, weeks / by.weeks_ample) if by.weeks_ample else 0.0
    return round(100 - (100 - by.ample_percent) * spare)


def brings(
    case: ReturnCase, line: Coming, location: Location, by: ReturnRouting
) -> tuple[int, int]:
    """(what the line's units bring there, what is spent on making some sellable), minor units.

    Of 100 units, `resale_percent` are as new. Each other is refurbished where that leaves more than
    its salvage, else sold for `salvage_percent` of its price.
    """
    good = by.resale_percent.get(line.reason, 0)
    there = line.value * percent_there(case, line, location, by) // 100
    salvage = line.value * by.salvage_percent // 100
    mended = there - by.refurbish >= salvage
    rest = there if mended else salvage
    brought = line.quantity * (good * there + (100 - good) * rest) // 100
    spent = line.quantity * (100 - good) * by.refurbish // 100 if mended else 0
    return brought, spent
