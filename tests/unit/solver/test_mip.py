"""Joint plans by HiGHS: never dearer, possible, optimal where everything can be tried."""

from __future__ import annotations

from random import Random

import pytest
from dom.solver.mip import Mip
from dom.sourcing.joint.batch import Batch, Joint, Polished, cost_of, plan_together, worth_of
from dom.sourcing.joint.prices import Prices
from dom.sourcing.joint.wish import Plan
from support.wishes import least_cost, possible, random_batch

PLACES = 3


@pytest.mark.parametrize("seed", range(60))
def test_small_batches_cost_what_trying_everything_costs(seed: int) -> None:
    wishes, market = random_batch(seed, orders=3)
    joint = plan_together(wishes, market, polish=Mip())
    least = least_cost(wishes, market, PLACES)
    assert joint.cost == least
    assert joint.unsplit <= least
    assert possible(joint.plans, market)


@pytest.mark.parametrize("seed", range(30))
def test_a_plan_is_never_dearer_than_without_the_solver(seed: int) -> None:
    wishes, market = random_batch(seed, orders=12, places=6, skus=5, units=2)
    without = plan_together(wishes, market)
    joint = plan_together(wishes, market, polish=Mip())
    assert joint.cost <= without.cost
    assert possible(joint.plans, market)
    assert joint.cost == cost_of(joint.plans)
    assert joint.polished and not joint.polished.stopped


def test_the_solver_finds_what_the_search_without_it_misses() -> None:
    batches = [random_batch(seed, orders=12, places=5, skus=4) for seed in range(30)]
    cheaper = [
        plan_together(wishes, market, polish=Mip()).cost < plan_together(wishes, market).cost
        for wishes, market in batches
    ]
    assert any(cheaper)


@pytest.mark.parametrize("seed", range(10))
def test_the_same_batch_in_another_order_gets_the_same_plans(seed: int) -> None:
    wishes, market = random_batch(seed, orders=8, places=5, skus=4, units=2)
    again = list(enumerate(wishes))
    Random(seed).shuffle(again)
    first = plan_together(wishes, market, polish=Mip())
    second = plan_together([wish for _, wish in again], market, polish=Mip())
    assert {i: p for (i, _), p in zip(again, second.plans, strict=True)} == dict(
        enumerate(first.plans)
    )


@pytest.mark.parametrize("seed", range(10))
def test_what_units_are_worth_later_counts_for_the_solver_too(seed: int) -> None:
    wishes, market = random_batch(seed, orders=6, places=4, skus=3)
    worth = Prices(units={0: dict.fromkeys(range(4), 400), 1: {0: 900}})
    without = plan_together(wishes, market, worth=worth)
    joint = plan_together(wishes, market, worth=worth, polish=Mip())
    assert worth_of(joint.plans, worth) <= worth_of(without.plans, worth)


def polished_with(plans: list[Plan]) -> Joint:
    wishes, market = random_batch(5, orders=3)

    def wrong(batch: Batch) -> Polished:
        return Polished(plans, 0, 0, stopped=False)

    return plan_together(wishes, market, polish=wrong)


def test_what_a_solver_says_is_taken_only_if_it_is_possible() -> None:
    wishes, market = random_batch(5, orders=3)
    dream = [plan._replace(cost=0) for plan in plan_together(wishes, market).plans]
    impossible = [
        plan._replace(parcels=tuple(p._replace(boxes=99) for p in plan.parcels)) for plan in dream
    ]
    assert polished_with(impossible).plans == plan_together(wishes, market).plans
