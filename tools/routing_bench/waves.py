"""The policies that look beyond one order: paced, by the day, and what is run by default."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from time import thread_time

from dom.sourcing.joint.batch import plan_together
from dom.sourcing.joint.lookahead import unit_prices
from dom.sourcing.joint.market import Market
from dom.sourcing.joint.pacing import paced
from dom.sourcing.joint.prices import Prices
from dom.sourcing.joint.rolling import Rolling
from dom.sourcing.joint.single import best_plan
from dom.sourcing.joint.wish import Plan, Wish

from tools.routing_bench.outcome import Outcome, by_day
from tools.routing_bench.world import MONEY, World

# Dollars that a slot costs for each slot that its location has used ahead of the day's pace.
STEP = 4.0
# Dollars that one day of a parcel on its way is worth to `default`.
DAY_VALUE = 0.75
# Dollars that a unit at a center is worth to a later order that needs it, to `lookahead`.
UNIT_WORTH = 1.0
# A line is never lost to save money: to `default` it costs so many times the instance's price.
LOST_TIMES = 10
WAVE = (
    "ASSIGNED until min(the location's wave, the latest start that keeps the promise), which is one"
    " wave at the end of the day, and planned again there together"
)
RELEASE_RULES = {
    True: f"all locations: {WAVE}",
    False: f"stores: released at once; distribution centers: {WAVE}",
}


class Pace:
    """One day's prices of slots, from what was used so far and the share of orders that came."""

    def __init__(self, world: World) -> None:
        self.slots, self.used, self.orders = world.slots, Counter[int](), 0
        self.per_day = len(world.wishes) / max(1, len({wish.day for wish in world.wishes}))

    @property
    def prices(self) -> Prices:
        """Before the next order."""
        elapsed = min(1.0, self.orders / self.per_day)
        return Prices(paced(self.used, self.slots, elapsed, round(STEP * MONEY)))

    def after(self, plan: Plan) -> None:
        """Account for one order."""
        self.orders += 1
        for parcel in plan.parcels:
            self.used[parcel.place] += parcel.boxes


def exact_paced(world: World) -> Outcome:
    """Each order alone, at prices of capacity that follow its use."""
    market, outcome = world.market(), Outcome([], [])
    for wishes in by_day(world.wishes):
        market.refill(world.slots)
        pace = Pace(world)
        for wish in wishes:
            start = thread_time()
            plan = best_plan(wish, market, pace.prices)
            market.take(plan.parcels)
            pace.after(plan)
            outcome.times.append(thread_time() - start)
            outcome.plans.append(plan)
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
    outcome.notes["bound_by_day"] = round(bound / MONEY / max(1, len(outcome.plans)), 4)
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
    """What the functions run: each order as it comes, paced; all of the day's work that is not yet
    released is planned again together at the wave."""
    return rolling(world, DAY_VALUE, stores_wait=True)


def rolling(world: World, day_value: float, *, stores_wait: bool) -> Outcome:
    """`default` at a value of a day of its own, and with stores that start at once or not."""
    inst = world.instance
    world = World(replace(inst, lost_pen=LOST_TIMES * inst.lost_pen), day_value)
    waves = -1 if stores_wait else world.waves
    rule = {"day_value": day_value, "release_rule": RELEASE_RULES[stores_wait]}
    market, outcome = world.market(), Outcome([], [], rule)
    for wishes in by_day(world.wishes):
        market.refill(world.slots)
        day, pace = Rolling(market, Prices(), waves), Pace(world)
        for wish in wishes:
            start = thread_time()
            day.prices = pace.prices
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
