"""A credit for slow stock: what is sold today need not be marked down tomorrow."""

from __future__ import annotations

from dom.model.product import Product
from dom.model.rules import RuleSet
from dom.sourcing.pricing import Parcel


def unit_credit(rules: RuleSet, product: Product) -> int:
    """Minor units for one unit."""
    return product.markdown * rules.weights.markdown // 100


def slow_above(rules: RuleSet, daily_demand: float) -> int:
    """Units at a location that sells so many a day; one more, and its stock is slow."""
    return int(daily_demand * 7 * rules.weights.slow_weeks)


def price(parcel: Parcel, rules: RuleSet) -> int:
    """Minor units, at most 0. Capped, for without a cap it would pay to split orders for it."""
    if not parcel.local.goods:
        return 0
    goods = parcel.local.goods
    credit = sum(units * goods[number].credit for number, units in parcel.items)
    return -min(credit, rules.weights.markdown_cap)
