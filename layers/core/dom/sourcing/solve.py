"""The port that routing uses: one demand, or a batch of them against shared supply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from dom.model.rules import RuleSet
from dom.sourcing import search
from dom.sourcing.assignment import assignment
from dom.sourcing.candidates import Candidate, as_record, candidates
from dom.sourcing.exact import Found
from dom.sourcing.explain import why
from dom.sourcing.plan import ALLOCATED, BACKORDERED, PARTIAL, Assignment, Plan
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.problem import Demand, Network, Supply
from dom.sourcing.scene import ANY, Contents, Offers, Scene
from dom.sourcing.score import money_of

__all__ = ["Assignment", "Plan", "decide", "scene_of", "solve", "solve_batch", "turn", "weigh"]

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


class Weighed(NamedTuple):
    """A plan, the scene it comes from, and the candidates that it names."""

    plan: Plan
    scene: Scene
    candidates: list[Candidate]


def decide(
    demand: Demand,
    supply: Supply,
    book: PriceBook,
    bare: bool = False,
    offers: Offers | None = None,
) -> Plan:
    """One demand at the prices of a batch: `solve` without setting up the prices.

    A `bare` plan has no candidates, and says nothing of a second best: for comparing many. Those
    that differ in fences only may share `offers` (see `Scene`).
    """
    return weigh(demand, supply, book, bare, offers).plan


def weigh(
    demand: Demand,
    supply: Supply,
    book: PriceBook,
    bare: bool = False,
    offers: Offers | None = None,
) -> Weighed:
    """`decide`, with what it was decided by."""
    scene, found = _first_that_fits(demand, supply, book, {} if offers is None else offers)
    contents = _nearest_first(scene, found.contents or {})
    looked_at = [] if bare else candidates(scene, contents)
    return Weighed(_plan(scene, found, contents, looked_at), scene, looked_at)


def _first_that_fits(
    demand: Demand, supply: Supply, book: PriceBook, offers: Offers
) -> tuple[Scene, Found]:
    """The first pass that leaves nothing over, else the last."""
    for attempt in book.rules.passes or (ANY,):
        scene = Scene(demand, supply, book, attempt, offers)
        found = search.best(scene)
        if not scene.left_over(found.contents or {}):
            break
    return scene, found


def _nearest_first(scene: Scene, contents: Contents) -> Contents:
    return {place: contents[place] for place in scene.view.by_distance(contents)}


def _plan(scene: Scene, found: Found, contents: Contents, looked_at: list[Candidate]) -> Plan:
    reason = why(scene, contents, looked_at)
    assignments = tuple(assignment(scene, contents, place, reason) for place in contents)
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
        whole=scene.rules.fences.ship_complete or scene.max_shipments == 1,
    )


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


def scene_of(plan: Plan, demand: Demand, supply: Supply, book: PriceBook) -> Scene:
    """The demand in its world, in the pass that the plan came from."""
    passes = (one for one in book.rules.passes if one.name == plan.pass_name)
    return Scene(demand, supply, book, next(passes, ANY))
