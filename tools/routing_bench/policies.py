"""The policies by their fixed names; each turns a world into one plan per order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import thread_time

from dom.sourcing.joint.market import Market
from dom.sourcing.joint.single import best_plan
from dom.sourcing.joint.wish import Plan, Wish

from tools.routing_bench.fewest import fewest_splits
from tools.routing_bench.greedy import Lists, cascade, line_by_line, most_lines
from tools.routing_bench.outcome import Outcome, by_day
from tools.routing_bench.waves import (
    DAY_VALUE,
    batch_day,
    default,
    exact_paced,
    lookahead,
    rolling,
)
from tools.routing_bench.world import World

Policy = Callable[[World], Outcome]
Online = Callable[[Wish, Market], Plan]


def online(world: World, decide: Online) -> Outcome:
    """One order after the other, each against what the earlier ones left."""
    market, outcome = world.market(), Outcome([], [])
    for wishes in by_day(world.wishes):
        market.refill(world.slots)
        for wish in wishes:
            start = thread_time()
            plan = decide(wish, market)
            market.take(plan.parcels)
            outcome.times.append(thread_time() - start)
            outcome.plans.append(plan)
    return outcome


def _rules(world: World) -> dict[str, Online]:
    lists = Lists(world)
    return {
        "priority_list": line_by_line(lists.ranked),
        "nearest_per_line": line_by_line(lists.nearest),
        "fewest_splits": fewest_splits(world),
        "most_lines_first": most_lines(lists.nearest),
        "exact": best_plan,
        "legacy_center": line_by_line(lists.legacy),
        "hotwax_cascade": cascade(
            [
                (lists.near_centers, True),
                (lists.near_stores, True),
                (lists.near_centers, False),
                (lists.nearest, False),
            ]
        ),
        "kuberiva_greedy": most_lines(lists.scored),
    }


RULES = (
    "priority_list",
    "nearest_per_line",
    "fewest_splits",
    "most_lines_first",
    "exact",
    "legacy_center",
    "hotwax_cascade",
    "kuberiva_greedy",
)


def _named(name: str) -> Policy:
    return lambda world: online(world, _rules(world)[name])


POLICIES: dict[str, Policy] = {
    **{name: _named(name) for name in RULES},
    "exact_paced": exact_paced,
    "batch_day": batch_day,
    "lookahead": lookahead,
    "default": default,
}

# What `default` would be with one thing else: measured when asked for by name.
VARIANTS: dict[str, Policy] = {
    **{
        f"default_day_{value:.2f}": partial(rolling, day_value=value, stores_wait=True)
        for value in (0.0, 0.5, 1.0, 2.0)
    },
    "default_stores_at_once": partial(rolling, day_value=DAY_VALUE, stores_wait=False),
}
