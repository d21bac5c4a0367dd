"""The port that routing uses: one demand, or a batch of them against shared supply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from dom.model.ids import Sku
from dom.model.rules import RuleSet
from dom.sourcing import objectives, search
from dom.sourcing.candidates import Candidate, as_record, candidates
from dom.sourcing.exact import Found
from dom.sourcing.explain import why, why_part
from dom.sourcing.objectives.carbon import co2e_grams
from dom.sourcing.plan import ALLOCATED, BACKORDERED, PARTIAL, Assignment, Plan
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.pricing import transit_days
from dom.sourcing.problem import Demand, Network, Supply
from dom.sourcing.promise import cutoff_for, delivers_by
from dom.sourcing.scene import Contents, Scene
from dom.sourcing.score import money_of

__all__ = ["Assignment", "Plan", "decide", "offer", "solve", "solve_batch", "turn"]

Decide = Callable[[Demand, Supply, PriceBook], Plan]


def solve(demand: Demand, supply: Supply, network: Network, rules: RuleSet, now: datetime) -> Plan:
    """The best plan for one demand; a pure function of its arguments, takes nothing from `supply`.

    Optimal up to ten lines (units of a line that no location has whole count one each): most units,
    then fewest parcels, then least cost under the default weights. `now` is aware.
    """
    return decide(demand, supply, PriceBook(network, rules, now))


def solve_batch(
    demands: Sequence[Demand],
    supply: Supply,
    network: Network,
    rules: RuleSet,
    now: datetime,
    each: Decide | None = None,
) -> list[Plan]:
    """Plans in the order of `demands`, solved by priority, then age, then ids; each takes its units
    and capacity from `supply`. If one fails, what was taken is given back and the error raised.

    `each` decides in the place of `decide`, for those who want to watch.
    """
    book = PriceBook(network, rules, now)
    plans: dict[int, Plan] = {}
    try:
        for i in sorted(range(len(demands)), key=lambda i: turn(demands[i])):
            plan = (each or decide)(demands[i], supply, book)
            supply.take(plan.assignments)
            plans[i] = plan
    except BaseException:
        for plan in plans.values():
            supply.give_back(plan.assignments)
        raise
    return [plans[i] for i in range(len(demands))]


def turn(demand: Demand) -> tuple[int, datetime, str, str]:
    """The order in which a batch is solved."""
    return -demand.priority, demand.placed_at, demand.order_id, demand.ship_group_id


def decide(demand: Demand, supply: Supply, book: PriceBook, bare: bool = False) -> Plan:
    """One demand at the prices of a batch: `solve` without setting up the prices.

    A `bare` plan has no candidates, and says nothing of a second best: for comparing many.
    """
    scene = Scene(demand, supply, book)
    found = search.best(scene)
    contents = _nearest_first(scene, found.contents or {})
    looked_at = [] if bare else candidates(scene, contents)
    return _plan(scene, found, contents, looked_at)


def _nearest_first(scene: Scene, contents: Contents) -> Contents:
    return {place: contents[place] for place in scene.view.by_distance(contents)}


def _plan(scene: Scene, found: Found, contents: Contents, looked_at: list[Candidate]) -> Plan:
    reason = why(scene, contents, looked_at)
    assignments = tuple(_assignment(scene, contents, place, reason) for place in contents)
    cost = sum(assignment.cost for assignment in assignments)
    bound, gap = _certificate(scene, contents, found.bound)
    left = _unallocated(scene, contents)
    return Plan(
        order_id=scene.demand.order_id,
        ship_group_id=scene.demand.ship_group_id,
        assignments=assignments,
        unallocated=left,
        cost=cost,
        bound=min(cost, bound),
        gap=gap,
        outcome=ALLOCATED if not left else PARTIAL if assignments else BACKORDERED,
        why=reason,
        candidates=tuple(as_record(scene, candidate, contents) for candidate in looked_at),
    )


def _assignment(scene: Scene, contents: Contents, place: int, reason: str) -> Assignment:
    group, location = scene.group_of(place), scene.network.locations[place]
    parcel = scene.parcel(place, group, *scene.load(contents[place].items()))
    terms = objectives.terms(parcel, scene.rules)
    service, method = scene.rules.service, scene.demand.method
    transit = transit_days(scene.rules, parcel.zone, method, group.cross_border)
    cutoff = cutoff_for(service, location.type)
    return Assignment(
        location_id=location.location_id,
        lines=_lines(scene, contents[place]),
        distance_km=None if parcel.metres is None else parcel.metres / 1000,
        cost=sum(terms.values()),
        co2e_grams=co2e_grams(parcel, scene.rules),
        delivers_by=delivers_by(scene.now, location.timezone, cutoff, transit, method, service),
        why=reason if len(contents) == 1 else why_part(scene, contents, place),
        terms=terms,
    )


def _lines(scene: Scene, parcel: Mapping[int, int]) -> tuple[tuple[str, Sku, int], ...]:
    numbered = sorted(parcel.items())
    return tuple((scene.lines[n].line_id, scene.lines[n].sku, units) for n, units in numbered)


def _unallocated(scene: Scene, contents: Contents) -> dict[str, int]:
    left = {}
    for number, line in enumerate(scene.lines):
        placed = sum(parcel.get(number, 0) for parcel in contents.values())
        if placed < line.quantity:
            left[line.line_id] = line.quantity - placed
    return left


def _certificate(scene: Scene, contents: Contents, bound: int) -> tuple[int, float]:
    """Lower bound of the plan's cost, and the relative gap of its score without leftovers."""
    weights = scene.rules.weights
    lost = scene.left_over(contents) * weights.unallocated
    score = money_of(scene.total(contents)) - lost
    least = max(0, min(score, money_of(bound) - lost))
    gap = (score - least) / score if score > 0 else 0.0
    return max(0, least - len(contents) * weights.parcel), round(gap, 6)


def offer(scene: Scene, place: int, parcel: Mapping[int, int]) -> Assignment:
    """What one location would send (units by line number), priced as part of a plan."""
    return _assignment(scene, {place: parcel}, place, "")
