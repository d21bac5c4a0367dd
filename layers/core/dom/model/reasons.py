"""Why a plan is as it is, and why a location is not in it: answers to questions after the fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dom.model.decision import RoutingDecision
from dom.model.ids import LocationId

CHOSEN = "chosen"
FENCED = "fenced"
NO_STOCK = "no_stock"
NOT_BEST = "not_best"


@dataclass(frozen=True, slots=True)
class Alternative:
    """A plan that was not taken against the one that was: what it has more (negative: less).

    `terms` by name, largest difference first; minor units. `pass_name`: the later pass of the rule
    set that it needs, "" if none.
    """

    location_ids: tuple[LocationId, ...]
    cost: int
    extra: int
    terms: Mapping[str, int]
    parcels: int
    unallocated: int
    pass_name: str = ""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A change of one thing that was tried, and would have chosen the location.

    `parameter`: fence, capacity, stock, price, day, parcel, distance, splits or ship_complete.
    `before` and `after` are its values: minor units, kilometers, or units by SKU.
    """

    parameter: str
    text: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Why:
    """The answer. `verdict`: chosen, fenced, no_stock or not_best.

    `alternative` is the best plan with the location that was asked for (were its fences lifted, if
    it has any), or the second best plan; None if there is none. `fences`: reasons with the SKUs
    that they are about (none: all). `lines` and `units` are what the location could send (again
    without fences), of how many.
    """

    text: str
    verdict: str
    alternative: Alternative | None = None
    fences: Mapping[str, list[str]] = field(default_factory=dict)
    lines: tuple[int, int] = (0, 0)
    units: tuple[int, int] = (0, 0)
    changes: tuple[WhatIf, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Why, and whether the decision comes out the same again.

    `differs`: what comes out otherwise, by field: [as stored, as replayed].
    """

    decision: RoutingDecision
    why: Why
    differs: Mapping[str, list[str]]
