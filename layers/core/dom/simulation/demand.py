"""What a situation's demands say of SKUs."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from dom.model.ids import Sku
from dom.simulation.world import Situation
from dom.sourcing.problem import DemandLine


def best_sellers(situation: Situation) -> list[Sku]:
    """SKUs by units asked for, most first."""
    units: Counter[Sku] = Counter()
    for demand in situation.demands:
        for line in demand.lines:
            units[line.sku] += line.quantity
    return sorted(units, key=lambda sku: (-units[sku], sku))


def as_asked(situation: Situation, sku: Sku) -> DemandLine:
    """A line of one unit as others ask for it; of a SKU that nobody asks for, only its name."""
    lines = (line for demand in situation.demands for line in demand.lines if line.sku == sku)
    found = min(lines, key=lambda line: (line.grams, line.line_id), default=DemandLine("1", sku, 1))
    return replace(found, line_id="1", quantity=1, excluded=frozenset())


def unused(name: str, taken: set[str]) -> str:
    """The name with the first number that is not taken; it is taken then."""
    number = 1
    while f"{name}~{number}" in taken:
        number += 1
    taken.add(f"{name}~{number}")
    return f"{name}~{number}"
