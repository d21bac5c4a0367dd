"""Differences are paired, and their intervals hold the truth as often as they say."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from dom.simulation.compare import compare, interval
from dom.simulation.measures import MEASURES
from dom.simulation.outcome import Outcome
from dom.simulation.sums import Sums, total

CASH = {"cash": MEASURES["cash"]}


def outcome(variant: str, orders: Sequence[Sums]) -> Outcome:
    return Outcome(variant, total(orders), 0.0, (), (), tuple(orders))


def order(cash: int, days: float = 2.0) -> Sums:
    return Sums(
        orders=1, units=1, sent=1, shipped=1, parcels=1, shipping=cash, seconds=round(days * 86_400)
    )


def test_the_same_run_differs_in_nothing() -> None:
    base = outcome("a", [order(cash) for cash in range(50)])
    found = compare(base, base)
    assert all((d.value, d.low, d.high) == (0, 0, 0) for d in found.differences.values())


def test_a_saving_on_every_order_is_certain_however_much_orders_differ() -> None:
    costs = [Random(1).randrange(100, 9000) for _ in range(80)]
    base, other = outcome("a", [*map(order, costs)]), outcome("b", [order(c - 7) for c in costs])
    cash = compare(base, other).differences["cash"]
    assert (cash.value, cash.low, cash.high) == pytest.approx((-7, -7, -7)) and cash.differs


def test_an_interval_covers_the_known_truth_as_often_as_it_says() -> None:
    # GIVEN differences of a known mean, 200 times
    random, covered = Random(7), 0
    for trial in range(200):
        costs = [random.randrange(500, 2000) for _ in range(60)]
        changed = [cost + round(random.gauss(25, 100)) for cost in costs]
        base, other = outcome("a", [*map(order, costs)]), outcome("b", [*map(order, changed)])
        cash = compare(base, other, trial, 300, CASH).differences["cash"]
        covered += cash.low <= 25 <= cash.high
    # THEN about 95 of 100 intervals hold it (binomial: 180 to 199 with 99.9 %)
    assert 180 <= covered <= 199


def test_a_difference_of_chance_is_not_called_one() -> None:
    random = Random(3)
    base = outcome("a", [order(random.randrange(500, 2000)) for _ in range(100)])
    other = outcome("b", [order(one.cash + random.choice((-50, 50))) for one in base.blocks])
    assert not compare(base, other).differences["cash"].differs


def test_the_interval_of_one_variant_narrows_with_more_orders() -> None:
    random = Random(4)
    costs = [order(random.randrange(500, 2000)) for _ in range(100)]
    few, many = (interval(outcome("a", some), "cash") for some in (costs[:10], costs))
    assert many.high - many.low < few.high - few.low
    assert few.low <= few.value <= few.high


def test_the_same_seed_draws_the_same() -> None:
    base = outcome("a", [order(cash) for cash in range(30)])
    other = outcome("b", [order(cash * cash) for cash in range(30)])
    assert compare(base, other, seed=5) == compare(base, other, seed=5)
    assert compare(base, other, seed=5) != compare(base, other, seed=6)


def test_runs_of_different_orders_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="same orders"):
        compare(outcome("a", [order(1)]), outcome("b", [order(1), order(2)]))


def test_nothing_is_compared_with_nothing() -> None:
    assert compare(outcome("a", []), outcome("b", [])).differences["cash"].value == 0
