"""Orders of one period planned together: never dearer than one after the other, with a bound.

The sequential plan; then prices for stock and capacity by subgradient steps, orders assigned in
sequence at several of those price vectors; the cheapest is improved by solving single orders and
pairs again. No solver, no clock, no randomness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from dom.sourcing.joint.improve import improve
from dom.sourcing.joint.lagrange import STEPS, Bounded, Duals, bound
from dom.sourcing.joint.market import SLOTS, Market
from dom.sourcing.joint.offers import Offers
from dom.sourcing.joint.prices import FREE, Prices
from dom.sourcing.joint.single import as_plan, best_plan
from dom.sourcing.joint.wish import Parcel, Plan, Wish

# How far to follow the prices: all the way, and half of it, for prices err.
SHARES = ((1, 1), (1, 2))


class Batch(NamedTuple):
    """What a solver is given: wishes by number with a plan each, the cost of the plans (with the
    worth of what they use), a bound of all plans that split no line needlessly, and the prices
    that prove it."""

    wishes: Sequence[Wish]
    plans: Sequence[Plan]
    offers: Sequence[Offers]
    market: Market
    worth: Prices
    prices: Duals
    cost: int
    bound: int

    def plan(self, i: int, parcels: tuple[Parcel, ...]) -> Plan:
        """Those parcels as the plan of the i-th wish."""
        return as_plan(self.wishes[i], parcels)


class Polished(NamedTuple):
    """A solver's plans and bound, the nodes it took, and whether its safety stop cut it short:
    only then could another machine find other plans."""

    plans: Sequence[Plan]
    bound: int
    nodes: int
    stopped: bool


Polish = Callable[[Batch], Polished]


class Joint(NamedTuple):
    """Plans in the order of the wishes asked, their cost, the bound, and the prices found; what a
    solver did, if one was asked. `unsplit` bounds the plans that split no line
    which a location has whole at the start; `bound` all."""

    plans: list[Plan]
    cost: int
    bound: int
    prices: Prices
    unsplit: int = 0
    polished: Polished | None = None


def plan_together(
    wishes: Sequence[Wish],
    market: Market,
    start: Sequence[Plan] | None = None,
    steps: int = STEPS,
    worth: Prices = FREE,
    polish: Polish | None = None,
) -> Joint:
    """Plans for wishes that share one day's capacity; takes nothing from `market`.

    `start`: a plan to beat (it must be possible); without it, wishes in order of number.
    `worth`: what slots and units are worth to those who come later; plans are compared with it.
    `polish`: a solver that may know better; what it says is checked, and kept only if cheaper.
    """

    order = sorted(range(len(wishes)), key=lambda i: wishes[i].number)
    asked = [wishes[i] for i in order]
    best = [start[i] for i in order] if start is not None else assign(asked, market, worth)
    offers = [Offers(wish, market, worth) for wish in asked]
    found = bound(offers, market, market.units[SLOTS], worth_of(best, worth), steps)
    for prices in _price_vectors(found):
        tried = assign(asked, market, worth.plus(prices))
        best = min(best, tried, key=lambda plans: worth_of(plans, worth))
    best = improve(asked, best, offers, market, worth)
    cost, polished = worth_of(best, worth), None
    if polish and asked:
        batch = Batch(asked, best, offers, market, worth, found.best, cost, found.unsplit)
        polished = polish(batch)
        if worth_of(polished.plans, worth) < cost and _possible(polished.plans, market):
            best = list(polished.plans)
    day = asked[0].day if asked else 0
    guide = Prices(found.best.slots.get(day, {}), found.best.units)
    plans = [plan for _, plan in sorted(zip(order, best, strict=True), key=lambda pair: pair[0])]
    unsplit = max(found.unsplit, polished.bound if polished else 0)
    return Joint(plans, cost_of(best), found.bound, guide, unsplit, polished)


def assign(wishes: Sequence[Wish], market: Market, prices: Prices) -> list[Plan]:
    """Each wish in turn against what the earlier ones left, at these prices."""
    plans: list[Plan] = []
    for wish in wishes:
        plan = best_plan(wish, market, prices)
        market.take(plan.parcels)
        plans.append(plan)
    for plan in plans:
        market.give_back(plan.parcels)
    return plans


def cost_of(plans: Sequence[Plan]) -> int:
    """Of all plans, without prices of scarcity."""
    return sum(plan.cost for plan in plans)


def _possible(plans: Sequence[Plan], market: Market) -> bool:
    parcels = [parcel for plan in plans for parcel in plan.parcels]
    try:
        market.take(parcels)
    except ValueError:
        return False
    market.give_back(parcels)
    return True


def worth_of(plans: Iterable[Plan], prices: Prices) -> int:
    """Their cost and what they use up, at these prices."""
    return sum(plan.cost + sum(map(prices.of, plan.parcels)) for plan in plans)


def _price_vectors(found: Bounded) -> Iterator[Prices]:
    yield FREE
    for duals in (found.best, found.mean, found.last):
        for share in SHARES:
            yield _scaled(duals, *share)


def _scaled(duals: Duals, part: int, whole: int) -> Prices:
    slots = {p: v * part // whole for row in duals.slots.values() for p, v in row.items()}
    units = {
        sku: {p: v * part // whole for p, v in row.items()} for sku, row in duals.units.items()
    }
    return Prices(slots, units)
