"""The figures that variants are compared by: each is a ratio of two sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from dom.simulation.sums import Sums


class Measure(NamedTuple):
    """`amount` for each of `per`; `more_is_better` says which way is up."""

    title: str
    amount: Callable[[Sums], float]
    per: Callable[[Sums], float]
    more_is_better: bool = False

    def of(self, sums: Sums) -> float:
        """The figure; 0 where there is nothing to divide by."""
        per = self.per(sums)
        return self.amount(sums) / per if per else 0.0


# Money in minor units.
MEASURES: Mapping[str, Measure] = {
    "cash": Measure("cash per order", lambda s: s.cash, lambda s: s.orders),
    "shipping": Measure("shipping per order", lambda s: s.shipping, lambda s: s.orders),
    "handling": Measure("handling per order", lambda s: s.handling, lambda s: s.orders),
    "score": Measure("score per order", lambda s: s.score, lambda s: s.orders),
    "parcels": Measure("parcels per shipped order", lambda s: s.parcels, lambda s: s.shipped),
    "split": Measure("share of orders split", lambda s: s.split, lambda s: s.shipped),
    "days": Measure("days to the last parcel", lambda s: s.days, lambda s: s.shipped),
    "fill": Measure("share of units sent", lambda s: s.sent, lambda s: s.units, True),
    "backordered": Measure(
        "share of orders not wholly sent", lambda s: s.backordered, lambda s: s.orders
    ),
    "kept": Measure("share of promises kept", lambda s: s.kept, lambda s: s.promised, True),
    "co2e": Measure("grams of CO2e per order", lambda s: s.co2e_grams, lambda s: s.orders),
    "markdown": Measure(
        "markdown credit per order", lambda s: s.markdown, lambda s: s.orders, True
    ),
}


def figures(sums: Sums) -> dict[str, float]:
    """Every measure by name."""
    return {name: measure.of(sums) for name, measure in MEASURES.items()}
