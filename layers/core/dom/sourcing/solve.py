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
from dom.sourcing.problem import Demand, Network, Supply
from dom.sourcing.scene import ANY, Contents, Scene
from dom.sourcing.score import money_of

__all__ = ["Assignment", "Plan", "decide", "offer", "scene_of", "solve", "solve_batch", "turn"]

Decide = Callable[[Demand, Supply, PriceBook], Plan]


def solve(demand: Demand, supply: Supply, network: Network, rules: RuleSet, now: datetime) -> Plan:
    """The best plan for one demand; a pure function of its arguments, takes nothing from `supply`.

    Optimal up to ten lines (units of a line that no location has whole count one each): most units
    by the first pass that has them all, then least cost. `now` is aware.
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
    scene, found = _first_that_fits(demand, supply, book)
    contents = _nearest_first(scene, found.contents or {})
    looked_at = [] if bare else candidates(scene, contents)
    return _plan(scene, found, contents, looked_at)


def _first_that_fits(demand: Demand, supply: Supply, book: PriceBook) -> tuple[Scene, Found]:
    """The first pass that leaves nothing over, else the last."""
    for attempt in book.rules.passes or (ANY,):
        scene = Scene(demand, supply, book, attempt)
        found = search.best(scene)
        if not scene.left_over(found.contents or {}):
            break
    return scene, found


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
        pass_name=scene.attempt.name,
    )


def _assignment(scene: Scene, contents: Contents, place: int, reason: str) -> Assignment:
    group, location = scene.group_of(place), scene.network.locations[place]
    parcel = scene.parcel(place, group, *scene.load(contents[place].items()))
    terms = objectives.terms(parcel, scene.rules)
    way = scene.way._replace(method=group.method)
    arrivals = scene.book.arrivals(scene.network.class_of(place), way)
    card, store = scene.rules.rate_card, scene.way.store
    return Assignment(
        location_id=location.location_id,
        lines=_lines(scene, contents[place]),
        distance_km=None if parcel.metres is None else parcel.metres / 1000,
        cost=sum(terms.values()),
        co2e_grams=co2e_grams(parcel, scene.rules),
        delivers_by=arrivals[parcel.zone],
        why=reason if len(contents) == 1 else why_part(scene, contents, place),
        terms=terms,
        boxes=card.boxes(card.billable(parcel.grams, parcel.bulk)),
        to_location=store.location_id if store and group.method is scene.demand.method else None,
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
    least = min(score, money_of(bound) - lost)
    if not scene.least.earns:
        least = max(0, least)
    gap = (score - least) / abs(score) if score else float(least < 0)
    return least - len(contents) * weights.parcel, round(gap, 6)


def offer(scene: Scene, place: int, parcel: Mapping[int, int]) -> Assignment:
    """What one location would send (units by line number), priced as part of a plan."""
    return _assignment(scene, {place: parcel}, place, "")


def scene_of(plan: Plan, demand: Demand, supply: Supply, book: PriceBook) -> Scene:
    """The demand in its world, in the pass that the plan came from."""
    passes = (one for one in book.rules.passes if one.name == plan.pass_name)
    return Scene(demand, supply, book, next(passes, ANY))
