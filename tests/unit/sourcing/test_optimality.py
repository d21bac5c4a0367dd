"""The exact solver against trying everything."""

from __future__ import annotations

import pytest
from dom.sourcing.solve import solve
from support.sourcing_cases import Case, random_case, rich_case, tired_case
from support.sourcing_oracle import Oracle, faults, plan_score

BLOCKS = 10
SEEDS = 250


def check(case: Case) -> None:
    demand, supply, network, rules, now = case
    oracle = Oracle(demand, supply, case.locations, rules, now)

    plan = solve(demand, supply, network, rules, now)

    assert faults(plan, demand, supply, oracle) == []
    best = oracle.best()
    nothing = sum(line.quantity for line in demand.lines) * oracle.weights.unallocated
    assert plan_score(plan, oracle) == (best or (nothing, 0, 0))
    assert (plan.bound, plan.gap) == (plan.cost, 0.0)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_plan_of_a_small_order_is_the_best_there_is(block: int) -> None:
    for seed in range(block * SEEDS, (block + 1) * SEEDS):
        check(random_case(seed))


@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_plan_is_the_best_under_rules_overlays_and_prices_of_single_locations(
    block: int,
) -> None:
    for seed in range(block * SEEDS, (block + 1) * SEEDS):
        check(rich_case(seed))


@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_plan_is_the_best_where_locations_have_only_so_much_effort_left(block: int) -> None:
    for seed in range(block * 30, (block + 1) * 30):
        check(tired_case(seed))
