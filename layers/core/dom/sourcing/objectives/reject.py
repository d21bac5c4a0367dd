"""The chance that the location rejects the parcel, times what a rejection costs."""

from __future__ import annotations

from dom.model.rules import RuleSet
from dom.sourcing.pricing import Parcel


def price(parcel: Parcel, rules: RuleSet) -> int:
    """Minor units, rounded up: a parcel is accepted if each of its lines is."""
    accepted = whole = 1
    for number, _ in parcel.items if parcel.local.goods else ():
        accepted *= 100 - parcel.local.goods[number].reject
        whole *= 100
    return -(-rules.weights.reject * (whole - accepted) // whole)
