"""What plans take of a supply, and what of it is not there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from dom.model.ids import LocationId, Sku
from dom.sourcing.plan import EFFORT, Assignment


class Stocked(Protocol):
    """A supply, as far as it is asked here."""

    capacity_left: dict[LocationId, int]

    @property
    def effort_left(self) -> Mapping[LocationId, int]: ...  # noqa: D102

    def units(self, sku: Sku, location_id: LocationId) -> int: ...  # noqa: D102


def used(supply: Stocked, assignment: Assignment) -> Iterator[tuple[Sku, int]]:
    """What an assignment uses up of all that is counted at its location: units, and effort."""
    for sku, quantity in assignment.takes().items():
        if sku != EFFORT or assignment.location_id in supply.effort_left:
            yield sku, quantity


def lacking(supply: Stocked, assignments: Iterable[Assignment]) -> list[str]:
    """Names of what is not there for all of them together: goods, or slots of a location."""
    wanted: Counter[tuple[Sku, LocationId]] = Counter()
    slots: Counter[LocationId] = Counter()
    for one in assignments:
        slots[one.location_id] += 1
        for sku, quantity in used(supply, one):
            wanted[sku, one.location_id] += quantity
    short = [f"{sku}@{at}" for (sku, at), n in wanted.items() if supply.units(sku, at) < n]
    full = [str(at) for at, n in slots.items() if supply.capacity_left.get(at, n) < n]
    return sorted(short + full)
