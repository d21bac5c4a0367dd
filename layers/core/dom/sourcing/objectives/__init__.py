"""What a parcel costs, term by term; a new term is a file here and a line below.

A term is `price(parcel, rules) -> minor units`. Within a `Group` it must not fall with distance:
the solver looks at a group's nearest location only. OBJECTIVES never fall with weight or units
either; LOCAL_OBJECTIVES are asked only where a group has prices of its own (`Local`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dom.model.rules import RuleSet, Weights
from dom.sourcing.objectives import (
    capacity,
    carbon,
    handling,
    last_unit,
    markdown,
    reject,
    shipping,
    surcharge,
    time,
)
from dom.sourcing.pricing import USUAL, Parcel

Objective = Callable[[Parcel, RuleSet], int]

OBJECTIVES: Mapping[str, Objective] = {
    "shipping": shipping.price,
    "handling": handling.price,
    "time": time.price,
    "carbon": carbon.price,
}
LOCAL_OBJECTIVES: Mapping[str, Objective] = {
    "surcharge": surcharge.price,
    "capacity": capacity.price,
    "reject": reject.price,
    "last_unit": last_unit.price,
    "markdown": markdown.price,
}
_USUAL = tuple(OBJECTIVES.values())


def that_count(weights: Weights) -> tuple[Objective, ...]:
    """The local objectives whose weight, which has their name, is not 0; those without one."""
    return tuple(p for name, p in LOCAL_OBJECTIVES.items() if getattr(weights, name, True))


def money(parcel: Parcel, rules: RuleSet, local: Sequence[Objective]) -> int:
    """The parcel's price in minor units; `local` are those of `that_count`."""
    total = 0
    for price in _USUAL:
        total += price(parcel, rules)
    if parcel.local is not USUAL:
        for price in local:
            total += price(parcel, rules)
    return total


def terms(parcel: Parcel, rules: RuleSet) -> dict[str, int]:
    """The parcel's price by term, in minor units; local terms only where they are not 0."""
    found = {name: price(parcel, rules) for name, price in OBJECTIVES.items()}
    local = {name: price(parcel, rules) for name, price in LOCAL_OBJECTIVES.items()}
    return found | {name: amount for name, amount in local.items() if amount}
