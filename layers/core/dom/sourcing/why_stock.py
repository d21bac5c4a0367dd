"""The fewest units more in stock that would have chosen a location."""

from __future__ import annotations

from collections.abc import Iterator

from dom.model.ids import Sku
from dom.model.reasons import WhatIf
from dom.sourcing import wording
from dom.sourcing.why_case import Case
from dom.sourcing.why_not import effort

# As many SKUs are named; of more that are missing their units are counted.
MOST_NAMED = 3


def more_stock(case: Case) -> Iterator[WhatIf]:
    """Fewest units of one SKU, else all units that are missing."""
    missing = _missing(case)
    singles = sorted(missing.items(), key=lambda one: (one[1], one[0]))[: effort(case.scene)]
    tries = [dict([one]) for one in singles] + ([missing] if len(missing) > 1 else [])
    for more in tries:
        if _with_stock(case, more):
            least = _least(case, *next(iter(more.items()))) if len(more) == 1 else more
            yield WhatIf("stock", f"with {_units(least)} more in stock", {}, dict(least))
            return


def _units(more: dict[Sku, int]) -> str:
    if len(more) > MOST_NAMED:
        return f"{wording.units(sum(more.values()))} of {len(more)} SKUs"
    return " and ".join(f"{wording.units(n)} of {sku}" for sku, n in more.items())


def _missing(case: Case) -> dict[Sku, int]:
    wanted: dict[Sku, int] = {}
    for line in case.scene.lines:
        wanted[line.sku] = wanted.get(line.sku, 0) + line.quantity
    supply = case.at.supply
    short = {sku: n - supply.units(sku, case.location_id) for sku, n in wanted.items()}
    return {sku: n for sku, n in short.items() if n > 0}


def _least(case: Case, sku: Sku, enough: int) -> dict[Sku, int]:
    """The fewest units that do it, by halving: each step is solved."""
    low, high = 0, enough
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _with_stock(case, {sku: middle}) else (middle, high)
    return {sku: high}


def _with_stock(case: Case, more: dict[Sku, int]) -> bool:
    """Whether it takes part with so many units more; the supply is as before afterwards."""
    supply, at = case.at.supply, case.location_id
    before = {sku: supply.available.get(sku, {}).get(at, 0) for sku in more}
    try:
        for sku, units in more.items():
            supply.overlay(sku, at, max(0, before[sku]) + units)
        return case.chosen_at(case.at)
    finally:
        for sku, units in before.items():
            supply.overlay(sku, at, units)
