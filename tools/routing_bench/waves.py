"""The policies that look beyond one order: paced, by the day, and what is run by default."""

from __future__ import annotations

from collections.abc import Sequence
from time import thread_time

from dom.sourcing.joint.batch import plan_together
from dom.sourcing.joint.lookahead import unit_prices
from dom.sourcing.joint.market import Market
from dom.sourcing.joint.pacing import Pacing
from dom.sourcing.joint.prices import Prices
from dom.sourcing.joint.rolling import Rolling
from dom.sourcing.joint.single import best_plan
from dom.sourcing.joint.wish import Plan, Wish

from tools.routing_bench.outcome import Outcome, by_day
from tools.routing_bench.world import MONEY, World

# Dollars by which one use of a slot raises its price.
STEP = 2.0
# Dollars that one day of an order on its way is worth to `default`.
DAY_VALUE = 2.0
# Dollars that a unit is worth to a later order that needs it.
UNIT_WORTH = 1.0
RELEASE_RULE = (
    "stores: released at once; distribution centers: ASSIGNED until one wave at the end of the day,"
    " re-planned there together with the day's backordered lines"
)


def pacing(world: World) -> Pacing:
    """Prices of slots for a world, none at first."""
    per_day = len(world.wishes) // max(1, len({wish.day for wish in world.wishes}))
    return Pacing(world.slots, per_day, round(STEP * MONEY))


def exact_paced(world: World) -> Outcome:
    """Each order alone, at prices of capacity that follow its use."""
    market, pace, outcome = world.market(), pacing(world), Outcome([], [])
    for wishes in by_day(world.wishes):
        market.refill(world.slots)
        outcome.plans += _paced(wishes, market, pace, outcome)
    return outcome


def batch_day(world: World) -> Outcome:
    """All orders of a day together, at its end."""
    market, outcome, bound = world.market(), Outcome([], []), 0
    for wishes in by_day(world.wishes):
        market.refill(world.slots)
        start = thread_time()
        joint = plan_together(wishes, market)
        seconds = thread_time() - start
        for plan in joint.plans:
            market.take(plan.parcels)
        outcome.plans += joint.plans
        outcome.times += [seconds / len(wishes)] * len(wishes)
        bound += joint.bound
    outcome.notes["bound_by_day"] = round(bound / MONEY / len(outcome.plans), 4)
    return outcome


def lookahead(world: World) -> Outcome:
    """Each order alone; units of centers cost what later orders may need them for."""
    market, outcome, days = world.market(), Outcome([], []), by_day(world.wishes)
    centers = [i for i in world.slots if world.waves >> i & 1]
    for n, wishes in enumerate(days):
        market.refill(world.slots)
        start = thread_time()
        left = {sku: rate * (len(days) - n - 1) for sku, rate in world.velocity.items()}
        asked = {p.sku: left.get(p.sku, 0.0) for wish in wishes for p in wish.pieces}
        prices = unit_prices(market, asked, centers, round(UNIT_WORTH * MONEY))
        outcome.batch_seconds += thread_time() - start
        outcome.plans += _each(wishes, market, prices, outcome)
    return outcome


def default(world: World) -> Outcome:
    """Online and paced, days valued; what is not yet released gives way to orders that need its
    slot more, and is planned again at the wave."""
    world = World(world.instance, DAY_VALUE)
    market, pace = world.market(), pacing(world)
    outcome = Outcome([], [], {"day_value": DAY_VALUE, "release_rule": RELEASE_RULE})
    for wishes in by_day(world.wishes):
        market.refill(world.slots)
        day = Rolling(market, pace.prices, world.waves)
        for wish in wishes:
            start = thread_time()
            pace.after(day.place(wish))
            outcome.times.append(thread_time() - start)
        start = thread_time()
        day.wave()
        outcome.batch_seconds += thread_time() - start
        outcome.plans += map(day.plan_of, range(len(wishes)))
    return outcome


def _each(wishes: Sequence[Wish], market: Market, prices: Prices, outcome: Outcome) -> list[Plan]:
    plans = []
    for wish in wishes:
        start = thread_time()
        plan = best_plan(wish, market, prices)
        market.take(plan.parcels)
        outcome.times.append(thread_time() - start)
        plans.append(plan)
    return plans


def _paced(wishes: Sequence[Wish], market: Market, pace: Pacing, outcome: Outcome) -> list[Plan]:
    plans = []
    for wish in wishes:
        start = thread_time()
        plan = best_plan(wish, market, pace.prices)
        market.take(plan.parcels)
        pace.after(plan)
        outcome.times.append(thread_time() - start)
        plans.append(plan)
    return plans
