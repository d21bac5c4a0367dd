"""The chance that the location rejects the parcel, times what a rejection costs."""

from __future__ import annotations

from dom.model.rules import RuleSet
from dom.sourcing.pricing import Parcel


def price(parcel: Parcel, rules: RuleSet) -> int:
    """Minor units, rounded up: a parcel is accepted if each of its SKUs is."""
    goods, accepted, whole = parcel.local.goods, 1, 1
    if goods:
        chances = {goods[number].kind: goods[number].reject for number, _ in parcel.items}
        for percent in chances.values():
            accepted *= 100 - percent
            whole *= 100
    return -(-rules.weights.reject * (whole - accepted) // whole)
