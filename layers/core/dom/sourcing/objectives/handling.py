"""Labor at the location: per parcel and per unit."""

from __future__ import annotations

from dom.model.rules import RuleSet
from dom.sourcing.pricing import Parcel


def price(parcel: Parcel, rules: RuleSet) -> int:
    """Minor units."""
    return parcel.handling.parcel + parcel.handling.unit * parcel.units
