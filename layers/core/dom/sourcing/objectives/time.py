"""The customer's waiting: a price per day. Not paid to anybody, but valued."""

from __future__ import annotations

from dom.model.rules import RuleSet
from dom.sourcing.pricing import Parcel


def price(parcel: Parcel, rules: RuleSet) -> int:
    """Minor units."""
    return rules.weights.day * parcel.days
