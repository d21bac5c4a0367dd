"""What a parcel costs, term by term; a new term is a file here and a line below.

A term is `price(parcel, rules) -> minor units`. Within a `Group` it must not fall with distance,
and never with weight or units: the solver looks at a group's nearest location only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dom.model.rules import RuleSet
from dom.sourcing.objectives import carbon, handling, shipping, time
from dom.sourcing.pricing import Parcel

OBJECTIVES: Mapping[str, Callable[[Parcel, RuleSet], int]] = {
    "shipping": shipping.price,
    "handling": handling.price,
    "time": time.price,
    "carbon": carbon.price,
}


def terms(parcel: Parcel, rules: RuleSet) -> dict[str, int]:
    """The parcel's price by term, in minor units."""
    return {name: price(parcel, rules) for name, price in OBJECTIVES.items()}
