"""Many demands against shared stock and capacity."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from dom.model.geo import Coordinates
from dom.model.ids import LocationId, Sku
from dom.model.order import Method
from dom.model.rules import RuleSet
from dom.sourcing import solve as solving
from dom.sourcing.problem import Demand, Supply
from dom.sourcing.solve import solve, solve_batch
from hypothesis import given, settings
from hypothesis import strategies as st
from support.sourcing_cases import (
    NOON,
    Case,
    demand,
    line,
    network,
    place,
    random_case,
    shuffled,
    stock,
)

NET = network(place("soho"), place("reno", Coordinates(39.53, -119.81)))
RULES = RuleSet()


def orders(count: int, **rest: object) -> list[Demand]:
    return [
        demand(line("1", "A"), order_id=f"o{n:03}", placed_at=NOON + timedelta(seconds=n), **rest)
        for n in range(count)
    ]


def test_two_hundred_orders_for_fifty_units_allocate_fifty_the_oldest_first() -> None:
    supply = stock(soho={"A": 50})
    plans = solve_batch(orders(200), supply, NET, RULES, NOON)
    assert [plan.outcome for plan in plans] == ["allocated"] * 50 + ["backordered"] * 150
    assert supply.units(Sku("A"), LocationId("soho")) == 0


@pytest.mark.parametrize("capacity", [0, 1, 3])
def test_capacity_n_admits_exactly_n(capacity: int) -> None:
    supply = Supply({Sku("A"): {LocationId("soho"): 9}}, (), {LocationId("soho"): capacity})
    plans = solve_batch(orders(5), supply, NET, RULES, NOON)
    assert [plan.outcome for plan in plans].count("allocated") == capacity


def test_priority_goes_before_age() -> None:
    late, early = orders(2)
    urgent = replace(early, priority=5)
    plans = solve_batch([late, urgent], stock(soho={"A": 1}), NET, RULES, NOON)
    assert [plan.outcome for plan in plans] == ["backordered", "allocated"]


def test_solving_takes_nothing() -> None:
    supply = stock(soho={"A": 1})
    first = solve(orders(1)[0], supply, NET, RULES, NOON)
    assert solve(orders(1)[0], supply, NET, RULES, NOON) == first
    assert supply.units(Sku("A"), LocationId("soho")) == 1


def test_a_batch_that_fails_gives_everything_back(monkeypatch: pytest.MonkeyPatch) -> None:
    supply = Supply({Sku("A"): {LocationId("soho"): 9}}, (), {LocationId("soho"): 9})
    decide = solving.decide

    def third_fails(wanted: Demand, *rest: object) -> object:
        if wanted.order_id == "o002":
            raise RuntimeError("boom")
        return decide(wanted, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(solving, "decide", third_fails)
    with pytest.raises(RuntimeError):
        solve_batch(orders(4), supply, NET, RULES, NOON)
    assert supply.units(Sku("A"), LocationId("soho")) == 9
    assert supply.capacity_left == {"soho": 9}


def test_what_is_not_there_cannot_be_taken() -> None:
    supply = stock(soho={"A": 1})
    plan = solve(orders(1)[0], supply, NET, RULES, NOON)
    supply.take(plan.assignments)
    with pytest.raises(ValueError, match="A@soho"):
        supply.take(plan.assignments)
    supply.give_back(plan.assignments)
    assert solve(orders(1)[0], supply, NET, RULES, NOON) == plan


def test_the_truth_that_came_back_with_a_conflict_is_laid_over() -> None:
    supply, order = stock(soho={"A": 5}, reno={"A": 5}), orders(1)[0]
    assert solve(order, supply, NET, RULES, NOON).assignments[0].location_id == "soho"
    supply.overlay(Sku("A"), LocationId("soho"), 0)
    assert solve(order, supply, NET, RULES, NOON).assignments[0].location_id == "reno"
    supply.overlay(Sku("A"), LocationId("soho"), 1)
    supply.overlay_capacity(LocationId("soho"), left=None, open_=False)
    assert solve(order, supply, NET, RULES, NOON).assignments[0].location_id == "reno"
    supply.overlay_capacity(LocationId("soho"), left=1, open_=True)
    assert solve(order, supply, NET, RULES, NOON).assignments[0].location_id == "soho"


def test_ship_groups_of_one_order_are_told_apart() -> None:
    group = orders(1)[0]
    pickup = replace(
        group, ship_group_id="2", method=Method.PICKUP, fixed_location=LocationId("soho")
    )
    plans = solve_batch([pickup, group], stock(soho={"A": 2}), NET, RULES, NOON)
    assert [plan.ship_group_id for plan in plans] == ["2", "1"]


def _batch(case: Case) -> list[Demand]:
    wanted = case.demand
    return [
        replace(wanted, order_id=f"o{n}", priority=n % 2, placed_at=NOON + timedelta(hours=n % 3))
        for n in range(4)
    ]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_order_in_which_things_are_told_changes_nothing(seed: int, mix: int) -> None:
    case, rng = random_case(seed, places=6, lines=4), Random(mix)
    other = shuffled(case, rng)
    told, again = _batch(case), _batch(other)
    rng.shuffle(again)

    one = solve_batch(told, case.supply, case.network, case.rules, case.now)
    two = solve_batch(again, other.supply, other.network, other.rules, other.now)

    assert sorted(map(repr, one)) == sorted(map(repr, two))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6))
def test_what_was_decided_before_does_not_color_a_decision(seed: int) -> None:
    """Distances and prices are cached; a replay on a fresh network gives the same bytes."""
    case = random_case(seed, places=6, lines=4)
    for warm in range(5):
        other = random_case(seed + warm + 1, places=6, lines=4)
        solve(other.demand, case.supply, case.network, case.rules, case.now)
    fresh = random_case(seed, places=6, lines=4)
    assert repr(solve(*case)) == repr(solve(*fresh))
