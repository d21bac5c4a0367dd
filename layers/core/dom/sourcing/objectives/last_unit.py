"""What a unit is worth to later orders where few are left.

worth * P(Poisson(demand until it is replenished) >= units there). A later order that does not find
it there pays for a longer way: at worst for the farthest instead of the nearest zone.
Source of the idea: Acimovic & Graves (2015), who report about 1 % with LP duals.
"""

from __future__ import annotations

from dom.model.rules import RuleSet
from dom.sourcing.poisson import used_up
from dom.sourcing.pricing import Parcel


def unit_price(rules: RuleSet, grams: int, cm3: int, daily_demand: float, units: int) -> int:
    """Minor units for one of so many units, given the demand expected at the location."""
    card, weights = rules.rate_card, rules.weights
    weight = card.billable(grams, cm3)
    worth = card.price(weight, card.last_zone) - card.price(weight, 0)
    chance = used_up(daily_demand * weights.replenish_days, units)
    return round(worth * weights.last_unit * chance / 100)


def price(parcel: Parcel, rules: RuleSet) -> int:
    """Minor units."""
    if not parcel.local.goods:
        return 0
    return sum(units * parcel.local.goods[number].keep for number, units in parcel.items)
