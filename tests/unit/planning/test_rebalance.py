"""Moves: as good as any can be, never more than there is, the same whatever the order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import product as every
from random import Random

import pytest
from dom.forecast.counts import chance_of, tails
from dom.model.expectation import Expected
from dom.model.ids import LocationId, Sku
from dom.model.rebalancing import Move, RebalancingTerms
from dom.planning.learn import forecast_of
from dom.planning.rebalance import Spot, moves, slow
from hypothesis import given
from hypothesis import strategies as st
from support.builders import BOSTON, RENO

MUG = Sku("MUG")
TERMS = RebalancingTerms("default", 28, 1000, cost_unit=50)


def spot(name: str, units: int, velocity: float, spare: int | None = None, **rest: object) -> Spot:
    demand = Expected(velocity, 1.5 * velocity, 90)
    made = Spot(LocationId(name), units, units if spare is None else spare, True, demand)
    return replace(made, **rest)  # type: ignore[arg-type]


def sent(found: Sequence[Move]) -> dict[tuple[str, str], int]:
    return {(one.origin, one.to): one.units for one in found}


def lost(spots: Sequence[Spot], change: dict[str, int], terms: RebalancingTerms) -> float:
    """Customers who find none, in money, plus what moving costs: from the definition."""
    total = 0.0
    for one in spots:
        known = forecast_of(one.demand)
        mean, horizon = known.velocity * terms.horizon_days, terms.horizon_days
        units = max(0, one.units) + change.get(one.place, 0)
        chances = (chance_of(mean, known.variance_over(horizon), k) for k in range(1, units + 1))
        total += terms.worth * (mean - sum(chances))
    return total + terms.cost_unit * sum(n for n in change.values() if n > 0)


def changed(found: Sequence[Move]) -> dict[str, int]:
    total = Counter[str]()
    for one in found:
        total[one.origin] -= one.units
        total[one.to] += one.units
    return dict(total)


def test_what_lies_where_nobody_asks_goes_where_it_is_missed() -> None:
    full, empty = spot("FULL", 40, 0.1), spot("EMPTY", 0, 1.0)
    (one,) = moves(MUG, [full, empty], TERMS, 1000)
    assert (one.origin, one.to) == ("FULL", "EMPTY")
    assert 20 < one.units < 40 and one.gain > 0
    assert (one.to_days, one.origin_days) == (0.0, 400.0)
    assert one.to_days_after == float(one.units)
    assert one.origin_days_after == round((40 - one.units) / 0.1, 1)


def test_who_is_short_itself_gives_nothing() -> None:
    assert moves(MUG, [spot("A", 5, 1.0), spot("B", 0, 1.0, spare=0)], TERMS, 0) == ()
    assert moves(MUG, [spot("A", 28, 1.0), spot("B", 28, 1.0)], TERMS, 1000) == ()


def test_only_what_may_leave_leaves_and_only_to_who_takes() -> None:
    full, empty = spot("FULL", 40, 0.1, spare=3), spot("EMPTY", 0, 1.0)
    assert sent(moves(MUG, [full, empty], TERMS, 1000)) == {("FULL", "EMPTY"): 3}
    assert moves(MUG, [full, replace(empty, takes=False)], TERMS, 1000) == ()


def test_what_comes_anyway_need_not_be_sent() -> None:
    full = spot("FULL", 40, 0.1)
    few = moves(MUG, [full, spot("B", 20, 1.0, spare=0)], TERMS, 1000)
    many = moves(MUG, [full, spot("B", 0, 1.0)], TERMS, 1000)
    assert changed(few)["B"] < changed(many)["B"]


def test_the_nearer_of_two_sends() -> None:
    west, east = spot("WEST", 30, 0.0, where=RENO), spot("EAST", 30, 0.0, where=BOSTON)
    found = moves(MUG, [east, west, spot("STORE", 0, 0.2, where=RENO)], TERMS, 1000)
    (origin,) = {one.origin for one in found}
    assert origin in ("WEST", "EAST") and changed(found)["STORE"] > 3


SPOTS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.sampled_from([0.0, 0.02, 0.05, 0.15])),
    min_size=2,
    max_size=3,
)


@given(SPOTS, st.sampled_from([0, 100, 400]), st.booleans())
def test_no_way_of_moving_units_loses_less(
    some: list[tuple[int, int, float]], cost: int, first_takes: bool
) -> None:
    terms = replace(TERMS, cost_unit=cost)
    spots = [
        spot(f"L{n}", units, velocity, min(units, spare), takes=first_takes or n > 0)
        for n, (units, spare, velocity) in enumerate(some)
    ]
    found = changed(moves(MUG, spots, terms, terms.worth))
    ours = lost(spots, found, terms)
    for change in every(*(range(-one.spare, 13) for one in spots)):
        takes = all(n <= 0 or one.takes for n, one in zip(change, spots, strict=True))
        if sum(change) == 0 and takes:
            named = {one.place: n for one, n in zip(spots, change, strict=True)}
            assert ours <= lost(spots, dict(named), terms) + 1e-6


@given(SPOTS, st.randoms(use_true_random=False))
def test_moves_are_whole_fair_and_the_same_in_any_order(
    some: list[tuple[int, int, float]], random: Random
) -> None:
    spots = [
        spot(f"L{n}", units, velocity, spare) for n, (units, spare, velocity) in enumerate(some)
    ]
    found = moves(MUG, spots, TERMS, 1000)
    shuffled = list(spots)
    random.shuffle(shuffled)
    assert moves(MUG, shuffled, TERMS, 1000) == found
    assert all(one.units > 0 for one in found)
    assert not {one.origin for one in found} & {one.to for one in found}
    for one in spots:
        assert -changed(found).get(one.place, 0) <= one.spare
    # What is told to be gained is what is not lost.
    before, after = lost(spots, {}, TERMS), lost(spots, changed(found), TERMS)
    assert abs(sum(one.gain for one in found) - (before - after)) <= len(found)


@given(SPOTS)
def test_dearer_ways_never_move_more(some: list[tuple[int, int, float]]) -> None:
    spots = [
        spot(f"L{n}", units, velocity, spare) for n, (units, spare, velocity) in enumerate(some)
    ]
    units = [
        sum(one.units for one in moves(MUG, spots, replace(TERMS, cost_unit=cost), 1000))
        for cost in (0, 50, 200, 800)
    ]
    assert units == sorted(units, reverse=True)


def test_a_large_network_of_a_fast_seller_is_done_in_no_time() -> None:
    spots = [spot(f"L{n:04}", 5000 * (n % 2), 90.0) for n in range(200)]
    found = moves(MUG, spots, TERMS, 1000)
    assert sum(one.units for one in found) > 10_000


@pytest.mark.parametrize("mean", [0.0, 0.3, 40.0, 5000.0])
@pytest.mark.parametrize("spread", [0.5, 1.0, 3.0])
def test_tails_are_the_chances_of_so_many_and_more(mean: float, spread: float) -> None:
    found = tails(mean, mean * spread)
    for units in range(1, 60):
        assert next(found) == pytest.approx(chance_of(mean, mean * spread, units), abs=1e-12)


def test_what_is_left_after_so_many_days_is_slow_and_counted_at_cost() -> None:
    network = Expected(0.5, 0.5, 90)
    spots = [spot("A", 80, 0.1), spot("B", 20, 0.4)]
    found = slow(MUG, spots, network, 300, 120)
    assert found is not None
    assert (found.units, found.days, found.value) == (40, 200.0, 12_000)
    assert slow(MUG, spots, network, 300, 200) is None
    never = slow(MUG, spots, Expected(0.0, 0.0, 90), 300, 120)
    assert never is not None and (never.units, never.days) == (100, None)
