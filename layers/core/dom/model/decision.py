"""The stored, explained outcome of routing one ship group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dom.model.ids import OrderId

ROUTED = "routed"
BY_HAND = "by_hand"
REPLANNED = "replanned"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a decision was made from, by hash (SHA-256, its first 32 hex digits).

    `solve` names the archived object with everything that the solve was asked, `demand` is this
    ship group's part of it, `supply` the stock and capacity that its batch saw. `kept` false: the
    archive did not take it, so nobody can replay the decision.
    """

    solve: str = ""
    demand: str = ""
    supply: str = ""
    network: str = ""
    rules: str = ""
    kept: bool = False


@dataclass(frozen=True, slots=True)
class RoutingDecision:
    """Why a ship group went where it went; replayable from its evidence.

    `at` is the instant that rules and calendars were asked about. Costs are minor units.
    `candidates`: locations looked at, the chosen ones first, then best first: `{location_id,
    distance_km, lines_covered, units, cost, terms, co2e_grams, delivers_by, eligible, reason}`; one
    that is out has the fence that keeps it out as its reason, and no price. `chosen`: one entry for
    each FulfillmentOrder: `{fulfillment_order_id, location_id, units, distance_km, cost, terms,
    co2e_grams, delivers_by}`. `unallocated`: `{line_id: units}` left over. `bound` is a lower bound
    of the plan's cost, `gap` its relative distance from it.

    `runner_up` is the best plan found `without` one of the chosen locations: `{without, chosen,
    parcels, unallocated, cost, extra, terms}`, where `extra` and `terms` say what it costs more;
    None if there is none. `cut`: how many entries of a list by that name are not shown.
    `milliseconds` is how long it took.

    `pass_name`: the pass of the rule set that it came from. A re-plan names the FulfillmentOrders
    that it `replaces`, and what it `saved` on this ship group (negative: it made room for others
    that save more). `by_solver`: its plan is one that the search without a solver did not find, so
    a replay takes it from the record, and makes the price and the bound again. `actor`: the person
    who decided instead; then nothing was compared, and nothing can be replayed.
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
    saved: int = 0
    replaces: tuple[str, ...] = ()
    by_solver: bool = False
    actor: str = ""
    runner_up: Mapping[str, object] | None = None
    cut: Mapping[str, int] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)
    milliseconds: float = 0.0

    @property
    def kind(self) -> str:
        """ROUTED, REPLANNED if it took the place of earlier work, or BY_HAND if a person did so."""
        if self.actor:
            return BY_HAND
        return REPLANNED if self.replaces else ROUTED
