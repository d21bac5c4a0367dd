"""What the rules add at a location, per parcel and per unit; negative: a credit."""

from __future__ import annotations

from dom.model.rules import RuleSet
from dom.sourcing.pricing import Parcel


def price(parcel: Parcel, rules: RuleSet) -> int:
    """Minor units."""
    return parcel.local.parcel + parcel.local.unit * parcel.units
