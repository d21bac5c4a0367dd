"""A slot of a location that is ahead of its day: its last ones go to orders that need them most."""

from __future__ import annotations

from dom.model.rules import RuleSet
from dom.sourcing.pricing import Parcel


def price(parcel: Parcel, rules: RuleSet) -> int:
    """Minor units: the weight for each slot used before its time (`dom.sourcing.pacing`)."""
    over, span = parcel.local.pressure
    return rules.weights.capacity * over // span
