"""How much to keep, and what the last units are worth."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from dom.errors import InvalidInput
from dom.forecast.counts import chance_of, enough
from dom.forecast.forecast import Forecast


@dataclass(frozen=True, slots=True)
class Cover:
    """Stock for the time until goods come: `expected` units of demand, and `safety` above them."""

    expected: float
    safety: int
    reorder_point: int


def cover(known: Forecast, level: float, lead_days: float, lead_variance: float = 0.0) -> Cover:
    """Stock that with probability `level` lasts for the lead time (in days; its variance, days²).

    Variance over the lead time = L * variance a day + velocity² * variance of L: Silver, Pyke &
    Thomas, "Inventory and Production Management in Supply Chains", 4th ed. (2017), chapter 6; here
    with what is not known of the velocity. The level is that of a cycle, P1 there: the chance of
    no stock-out in it, not the share of units that are served. InvalidInput on other figures.
    """
    if not 0 < level < 1:
        raise InvalidInput("level", "must lie between 0 and 1")
    if lead_days <= 0 or lead_variance < 0:
        raise InvalidInput("lead_days", "must be above 0, and its variance not below")
    expected = known.velocity * lead_days
    variance = known.variance_over(lead_days) + known.velocity**2 * lead_variance
    units = enough(expected, variance, level)
    return Cover(expected, max(0, units - ceil(expected)), units)


def chance_used_up(known: Forecast, units: int, days: float) -> float:
    """Probability that demand of the next days takes so many units."""
    return chance_of(known.velocity * days, known.variance_over(days), units)


def worth_of_last(known: Forecast, units: int, days: float, worth: int) -> int:
    """What taking one of so many units costs later orders, in minor units.

    A unit taken now is missed only if demand reaches all that is there before more comes: `worth`,
    what such a later order loses, times the chance of that. Littlewood's rule, as in revenue
    management: protect a unit as long as this is above what an order now is worth.
    """
    return round(worth * chance_used_up(known, units, days))
