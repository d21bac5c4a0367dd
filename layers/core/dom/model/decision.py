"""The stored, explained outcome of routing one ship group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dom.model.ids import OrderId


@dataclass(frozen=True, slots=True)
class RoutingDecision:
    """Why a ship group went where it went; replayable from its inputs.

    `candidates`: one entry for each location considered, best first (cut to a readable number):
    `{location_id, available, distance_km, cost, eligible, reason}`. `chosen`: one entry for each
    FulfillmentOrder. `unallocated`: `{line_id: units}` left over. Costs are minor units.
    `bound` is a lower bound of the plan's cost, `gap` its relative distance from it. `pass_name`:
    the pass of the rule set that it came from.
    """

    id: str
    order_id: OrderId
    ship_group_id: str
    at: datetime
    rule_version: str
    order_version: int
    outcome: str
    why: str
    candidates: tuple[Mapping[str, object], ...] = ()
    chosen: tuple[Mapping[str, object], ...] = ()
    unallocated: Mapping[str, int] | None = None
    cost: int = 0
    bound: int = 0
    gap: float = 0.0
    pass_name: str = ""
