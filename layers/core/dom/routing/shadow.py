"""Decide anew what was just committed, by the rules of the shadow version, and record the outcome.

After the commit, bounded, and taking nothing: whatever goes wrong here, the orders are routed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from dom.model.decision import RoutingDecision
from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import LocationId
from dom.model.order import Order
from dom.model.rules import RuleSet
from dom.model.shadow import Figures, ShadowDecision
from dom.routing.demand import demands_of
from dom.routing.pieces import by_line
from dom.routing.ports import Shadow
from dom.routing.proposal import Proposal
from dom.sourcing.network import Network
from dom.sourcing.plan import Plan
from dom.sourcing.solve import solve_batch
from dom.sourcing.supply import Supply

# What one invocation tries at most: some milliseconds each.
MOST_ORDERS = 20
MOST_LINES = 12
Taken = frozenset[tuple[LocationId, tuple[tuple[str, int], ...]]]


def decide_beside(
    settled: Sequence[Proposal], supply: Supply, network: Network, now: datetime, shadow: Shadow
) -> Counter[str]:
    """Try the committed proposals, record the outcome; the counts for metrics.

    `supply` as it is after them: what they took is given back first, so do it last.
    """
    tried = [one for one in settled if len(one.before.lines) <= MOST_LINES][:MOST_ORDERS]
    for one in tried:
        supply.give_back(one.assignments)
    known = supply.products, supply.available
    demands = [demand for one in tried for demand in demands_of(one.before, *known)]
    plans = solve_batch(demands, supply, network, shadow.rules, now)
    by_group = {(plan.order_id, plan.ship_group_id): plan for plan in plans}
    made = [
        _compared(one, decision, by_group[decision.order_id, decision.ship_group_id], shadow.rules)
        for one in tried
        for decision in one.decisions
    ]
    if made:
        shadow.book.record(made)
    return _counts(made, skipped=len(settled) - len(tried))


def _compared(
    proposal: Proposal, decision: RoutingDecision, plan: Plan, rules: RuleSet
) -> ShadowDecision:
    works = [one for one in proposal.works if one.decision_id == decision.id]
    return ShadowDecision(
        decision.id,
        decision.order_id,
        decision.ship_group_id,
        decision.at,
        rules.version,
        decision.rule_version,
        active=_of_works(works, decision),
        shadow=_of_plan(plan, decision.at),
        locations=tuple(one.location_id for one in plan.assignments),
        same=_taken_by_works(works) == _taken_by_plan(plan, proposal.order),
    )


def _of_works(works: Iterable[FulfillmentOrder], decision: RoutingDecision) -> Figures:
    works = list(works)
    arrivals = [work.delivers_by for work in works if work.delivers_by]
    return Figures(
        len(works),
        sum(work.cost.amount for work in works),
        _hours(arrivals, decision.at),
        sum(work.co2e_grams for work in works),
        sum((decision.unallocated or {}).values()),
    )


def _of_plan(plan: Plan, now: datetime) -> Figures:
    parts = plan.assignments
    return Figures(
        len(parts),
        sum(part.cash for part in parts),
        _hours([part.delivers_by for part in parts], now),
        sum(part.co2e_grams for part in parts),
        sum(plan.unallocated.values()),
    )


def _hours(arrivals: Sequence[datetime], now: datetime) -> int:
    return round((max(arrivals) - now).total_seconds() / 3600) if arrivals else 0


def _taken_by_works(works: Iterable[FulfillmentOrder]) -> Taken:
    return frozenset(
        (work.location_id, tuple(sorted((line.line_id, line.quantity) for line in work.lines)))
        for work in works
    )


def _taken_by_plan(plan: Plan, order: Order) -> Taken:
    parcels = (
        (part.location_id, by_line({name: units for name, _, units in part.lines}, order))
        for part in plan.assignments
    )
    return frozenset((place, tuple(sorted(units.items()))) for place, units in parcels)


def _counts(made: Sequence[ShadowDecision], skipped: int) -> Counter[str]:
    """How many, how many alike, and what the shadow takes more (negative: less) in all."""
    pairs = [(one.shadow, one.active) for one in made]
    return Counter(
        ShadowDecisions=len(made),
        ShadowSame=sum(one.same for one in made),
        ShadowSkipped=skipped,
        ShadowExtraParcels=sum(shadow.parcels - active.parcels for shadow, active in pairs),
        ShadowExtraCost=sum(shadow.cost - active.cost for shadow, active in pairs),
        ShadowExtraHours=sum(shadow.hours - active.hours for shadow, active in pairs),
        ShadowExtraCo2eGrams=sum(shadow.co2e_grams - active.co2e_grams for shadow, active in pairs),
    )
