"""Batches planned together: possible, never dearer than in turn, and bounded from below."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from random import Random

import pytest
from dom.sourcing.joint.batch import assign, cost_of, plan_together
from dom.sourcing.joint.market import SLOTS
from dom.sourcing.joint.pacing import Pacing
from dom.sourcing.joint.prices import FREE, Prices
from dom.sourcing.joint.rolling import Rolling
from dom.sourcing.joint.single import as_plan, best_plan
from dom.sourcing.joint.wish import Parcel, Plan, Wish
from dom.sourcing.kernel import NEVER, divide
from support.wishes import (
    LOST,
    STEEP,
    least_cost,
    possible,
    random_batch,
    random_market,
    random_wish,
)

PLACES = 3


def one_whole_line_each(wishes: Sequence[Wish], plans: Sequence[Plan]) -> bool:
    for wish, plan in zip(wishes, plans, strict=True):
        sent: dict[int, int] = {}
        for parcel in plan.parcels:
            for piece in parcel.pieces:
                sent[piece.line] = sent.get(piece.line, 0) + piece.quantity
        if any(sent.get(p.line, p.quantity) != p.quantity for p in wish.pieces):
            return False
    return True


@pytest.mark.parametrize("seed", range(300))
def test_one_order_is_as_cheap_as_trying_everything(seed: int) -> None:
    wishes, market = random_batch(seed, orders=1)
    assert best_plan(wishes[0], market).cost == least_cost(wishes, market, PLACES)


@pytest.mark.parametrize("seed", range(300))
def test_heavy_goods_leave_a_place_as_one_even_where_two_parcels_would_cost_less(seed: int) -> None:
    """Their sum may exceed a break, or a box: then some of them leave from elsewhere."""
    rng = Random(seed)
    market = random_market(rng, PLACES, 4, most=3, slots=3)
    wish = random_wish(rng, 0, PLACES, 4)
    pieces = tuple(piece._replace(weight=rng.randint(4, 30)) for piece in wish.pieces)
    heavy = replace(wish, pieces=pieces, tariff=STEEP)
    assert best_plan(heavy, market).cost == least_cost([heavy], market, PLACES)


@pytest.mark.parametrize("seed", range(60))
def test_a_line_that_no_location_has_whole_is_split_not_lost(seed: int) -> None:
    wishes, market = random_batch(seed, orders=1, units=2, skus=2)
    plan = best_plan(wishes[0], market)
    lost = plan.cost // LOST
    assert lost == least_cost(wishes, market, PLACES) // LOST
    assert possible([plan], market) and one_whole_line_each(wishes, [plan])


@pytest.mark.parametrize("seed", range(60))
def test_a_batch_lies_between_its_bound_and_the_plan_in_turn(seed: int) -> None:
    wishes, market = random_batch(seed, orders=3)
    joint = plan_together(wishes, market)
    least = least_cost(wishes, market, PLACES)
    assert joint.bound <= least <= joint.cost <= cost_of(assign(wishes, market, FREE))
    assert joint.cost == cost_of(joint.plans)
    assert possible(joint.plans, market)


@pytest.mark.parametrize("seed", range(40))
def test_the_bound_also_holds_for_plans_that_split_lines(seed: int) -> None:
    wishes, market = random_batch(seed, orders=2, units=2, skus=2)
    assert plan_together(wishes, market).bound <= least_cost(wishes, market, PLACES)


def test_tiny_batches_are_nearly_always_planned_as_well_as_can_be() -> None:
    batches = [random_batch(seed, orders=3) for seed in range(60)]
    optimal = [
        plan_together(wishes, market).cost == least_cost(wishes, market, PLACES)
        for wishes, market in batches
    ]
    assert sum(optimal) >= 57


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_input_changes_nothing_and_the_market_is_left_alone(seed: int) -> None:
    wishes, market = random_batch(seed, orders=8, places=5, skus=4, units=2)
    before = deepcopy(market.units)
    first = plan_together(wishes, market)
    again = list(enumerate(wishes))
    Random(seed).shuffle(again)
    second = plan_together([wish for _, wish in again], market)
    assert {i: p for (i, _), p in zip(again, second.plans, strict=True)} == dict(
        enumerate(first.plans)
    )
    assert market.units == before


def test_a_plan_to_beat_is_kept_when_nothing_is_cheaper() -> None:
    wishes, market = random_batch(4, orders=4)
    best = plan_together(wishes, market)
    assert plan_together(wishes, market, best.plans).cost <= best.cost


def test_no_orders_cost_nothing() -> None:
    _, market = random_batch(1, orders=1)
    assert plan_together([], market).plans == []


@pytest.mark.parametrize("seed", range(40))
def test_a_rolling_day_keeps_what_was_released_and_ends_no_dearer_at_its_wave(seed: int) -> None:
    wishes, market = random_batch(seed, orders=8, places=5, skus=4, units=2)
    start = deepcopy(market)
    waves = 0b00011
    day = Rolling(market, Prices(), waves)
    fixed = []
    for wish in wishes:
        plan = day.place(wish)
        fixed.append({p for p in plan.parcels if not waves >> p.place & 1})
    before = [day.plan_of(i) for i in range(len(wishes))]
    day.wave()
    after = [day.plan_of(i) for i in range(len(wishes))]
    assert cost_of(after) <= cost_of(before)
    assert possible(after, start) and one_whole_line_each(wishes, after)
    for released, plan in zip(fixed, after, strict=True):
        assert released <= set(plan.parcels)


def test_a_slot_that_is_used_faster_than_the_day_allows_grows_dear_and_cheap_again() -> None:
    wishes, _ = random_batch(2, orders=1)
    used = as_plan(wishes[0], (Parcel(0, 1, wishes[0].pieces),))
    none = as_plan(wishes[0], ())
    pace = Pacing({0: 10}, orders_per_day=100, step=1000)
    pace.after(used)
    assert pace.prices.slots == {0: 900}
    for _ in range(9):
        pace.after(none)
    assert pace.prices.slots == {}


def test_a_price_moves_an_order_only_if_elsewhere_is_cheaper_by_it() -> None:
    wishes, market = random_batch(7, orders=1)
    market.units[SLOTS].update(dict.fromkeys(range(PLACES), 5))
    market.refill(market.units[SLOTS])
    free = best_plan(wishes[0], market)
    priced = best_plan(wishes[0], market, Prices({free.parcels[0].place: 100_000}))
    assert free.cost <= priced.cost


def test_the_market_refuses_what_is_not_there_and_forgets_the_attempt() -> None:
    wishes, market = random_batch(3, orders=1)
    before = deepcopy(market.units)
    piece = wishes[0].pieces[0]._replace(quantity=99)
    with pytest.raises(ValueError, match="lacks"):
        market.take([Parcel(0, 0, (piece,))])
    assert market.units == before


def test_the_kernel_leaves_over_what_costs_more_to_send() -> None:
    assert divide([0, 5, 7, 9], [4, 100]) == (9, [3])
    assert divide([0, 5, 7, NEVER], [4, 100]) == (11, [2])
    assert divide([0], []) == (0, [])
