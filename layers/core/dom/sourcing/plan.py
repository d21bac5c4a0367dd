"""What the solver answers: assignments, what is left over, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dom.model.effort import EffortRate
from dom.model.ids import LocationId, Sku

# Effort is one more thing a location has units of, under a name that no SKU has.
EFFORT = Sku("\0effort")

ALLOCATED = "allocated"
PARTIAL = "partial"
BACKORDERED = "backordered"


@dataclass(frozen=True, slots=True)
class Assignment:
    """The part of a plan that one location fulfills: one FulfillmentOrder.

    `lines`: (line id, SKU, units). `cost` is the sum of `terms` in minor units: what is
    paid (`shipping`, `handling`) and what is only valued (`time`, `carbon`, and what the location
    makes of it: `surcharge`, `capacity`, `reject`, `last_unit`, `markdown`). `distance_km` None:
    unknown. `boxes`: in so many the carrier takes it. `to_location`: the store that it is sent to,
    if the customer collects it there. `effort_rate`: what its effort is reckoned by, with what
    products ask besides (`extra`); None: the location's effort has no bound.
    """

    location_id: LocationId
    lines: tuple[tuple[str, Sku, int], ...]
    distance_km: float | None
    cost: int
    co2e_grams: int
    delivers_by: datetime
    why: str
    terms: Mapping[str, int] = field(default_factory=dict)
    boxes: int = 1
    to_location: LocationId | None = None
    effort_rate: EffortRate | None = None
    extra: Mapping[Sku, int] = field(default_factory=dict)

    @property
    def effort(self) -> int:
        """Effort units that it takes of its location's day."""
        if self.effort_rate is None:
            return 0
        return self.effort_rate.of((units, self.extra.get(sku, 0)) for _, sku, units in self.lines)

    @property
    def cash(self) -> int:
        """What is really paid for it: shipping and handling, in minor units."""
        return self.terms.get("shipping", 0) + self.terms.get("handling", 0)

    def units(self) -> dict[Sku, int]:
        """Units by SKU over all its lines."""
        total: dict[Sku, int] = {}
        for _, sku, quantity in self.lines:
            total[sku] = total.get(sku, 0) + quantity
        return total

    def takes(self) -> dict[Sku, int]:
        """What it uses up at its location: units by SKU, and effort."""
        return {**self.units(), EFFORT: self.effort} if self.effort else self.units()


@dataclass(frozen=True, slots=True)
class Plan:
    """The solver's answer for one demand.

    `cost` is the sum of its assignments' costs. `bound`: no plan with as many parcels and as few
    leftovers costs less. `gap` is the distance of the whole score, penalties for parcels included,
    from its lower bound, relative to that bound; 0 means proven optimal. `outcome` is one of
    ALLOCATED, PARTIAL, BACKORDERED. `candidates`: the locations that were looked at, best first:
    `{location_id, distance_km, lines_covered, cost, eligible, reason}`. `pass_name`: the pass of
    the rule set that it came from. `whole`: by its rules nothing of it goes without the rest.
    """

    order_id: str
    ship_group_id: str
    assignments: tuple[Assignment, ...]
    unallocated: Mapping[str, int]
    cost: int
    bound: int
    gap: float
    outcome: str
    why: str
    candidates: tuple[Mapping[str, object], ...] = ()
    pass_name: str = ""
    whole: bool = False
