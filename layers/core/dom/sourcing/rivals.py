"""Plans that were not taken: which one came closest, and what it would have cost more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from dom.model.ids import LocationId
from dom.sourcing.plan import Plan
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.problem import Demand, Supply
from dom.sourcing.scene import Offers, Scene
from dom.sourcing.score import UNKNOWN_METRES
from dom.sourcing.solve import decide, scene_of

# Of a plan with more locations, only so many are barred, the dearest first.
MOST_BARRED = 4


def runner_up(
    demand: Demand, plan: Plan, supply: Supply, book: PriceBook, offers: Offers | None = None
) -> tuple[LocationId, Plan] | None:
    """The best plan without one of the locations of `plan`, and that location.

    `offers` are those of the scene that the plan comes from: most of them stand.

    None if the customer chose the place, or nothing can be sent without it. A rival that is better
    has a freedom that the demand does not: a line is split only if no location has it whole, and
    the barred one had.
    """
    if demand.fixed_location is not None:
        return None
    scene = scene_of(plan, demand, supply, book)
    dearest = sorted(plan.assignments, key=lambda one: (-one.cost, one.location_id))
    places = [one.location_id for one in dearest[:MOST_BARRED]]
    kept = {} if offers is None else offers
    found = []
    for place in places:
        rival = decide(barred(demand, {place}), supply, book, bare=True, offers=kept)
        if rival.assignments:
            found.append((rank(rival, scene), place, rival))
    allowed = [one for one in found if one[0] >= rank(plan, scene)]
    return min(allowed, key=lambda one: one[:2])[1:] if allowed else None


def barred(demand: Demand, places: Collection[LocationId]) -> Demand:
    """The demand with these locations out for all of its lines."""
    lines = (replace(line, excluded=line.excluded | set(places)) for line in demand.lines)
    return replace(demand, lines=tuple(lines))


def rank(plan: Plan, scene: Scene) -> tuple[int, int, int, int, tuple[str, ...]]:
    """Orders plans of one demand, the better first: as the solver does, then by their ids."""
    weights = scene.rules.weights
    names = [one.name for one in scene.book.rules.passes]
    turn = names.index(plan.pass_name) if plan.pass_name in names else 0
    left, parcels = sum(plan.unallocated.values()), len(plan.assignments)
    money = plan.cost + weights.parcel * parcels + weights.unallocated * left
    ways = (one.distance_km for one in plan.assignments)
    metres = sum(UNKNOWN_METRES if km is None else round(km * 1000) for km in ways)
    return turn, money, parcels, metres, tuple(one.location_id for one in plan.assignments)


def terms_of(plan: Plan) -> dict[str, int]:
    """What the plan costs by term, in minor units."""
    total: dict[str, int] = {}
    for one in plan.assignments:
        for name, money in one.terms.items():
            total[name] = total.get(name, 0) + money
    return total


def difference(plan: Plan, rival: Plan) -> dict[str, int]:
    """What the rival costs more (or, negative, less) by term, the largest difference first."""
    ours, theirs = terms_of(plan), terms_of(rival)
    names = ours.keys() | theirs.keys()
    found = {name: theirs.get(name, 0) - ours.get(name, 0) for name in names}
    ordered = sorted(found.items(), key=lambda one: (-abs(one[1]), one[0]))
    return {name: money for name, money in ordered if money}
