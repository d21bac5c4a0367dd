"""Chances of counts, safety stock and the worth of last units."""

from __future__ import annotations

from statistics import NormalDist

import pytest
from dom.errors import InvalidInput
from dom.forecast.counts import chance_of, enough
from dom.forecast.forecast import Forecast
from dom.forecast.kinds import Kind
from dom.forecast.safety import Cover, chance_used_up, cover, worth_of_last
from dom.sourcing.poisson import used_up
from hypothesis import given
from hypothesis import strategies as st

STEADY = Forecast(Kind.SMOOTH, "ses", 2.0, 2.0)


def test_poisson_where_the_variance_is_the_mean() -> None:
    # 1 - e^-2 (1 + 2 + 2)
    assert chance_of(2.0, 2.0, 3) == pytest.approx(0.323324, abs=1e-6)
    assert chance_of(2.0, 0.5, 3) == chance_of(2.0, 2.0, 3) == pytest.approx(used_up(2.0, 3))


def test_negative_binomial_by_hand() -> None:
    # Mean 2 and variance 4 are two successes at 1/2: 1/4, 1/4, 3/16, 1/8.
    chances = [chance_of(2.0, 4.0, n) - chance_of(2.0, 4.0, n + 1) for n in range(4)]
    assert chances == pytest.approx([0.25, 0.25, 0.1875, 0.125])
    assert [enough(2.0, 4.0, level) for level in (0.25, 0.26, 0.5, 0.69, 0.8)] == [0, 1, 1, 3, 3]


def test_nothing_asked_for_needs_nothing() -> None:
    assert enough(0.0, 0.0, 0.99) == 0
    assert chance_of(0.0, 0.0, 1) == 0.0
    assert chance_of(0.0, 0.0, 0) == 1.0


def test_large_figures_are_normal_and_meet_the_sums_of_small_ones() -> None:
    below, above = enough(1_990.0, 9_000.0, 0.95), enough(2_010.0, 9_000.0, 0.95)
    exact = NormalDist(2_010.0, 9_000.0**0.5).inv_cdf(0.95)
    assert above == pytest.approx(exact, abs=1)
    assert above - below == pytest.approx(20, abs=5)
    assert chance_of(5_000.0, 9_000.0, 5_000) == pytest.approx(0.5, abs=0.01)


@given(st.floats(0.01, 300), st.floats(0.1, 20), st.floats(0.01, 0.999))
def test_what_is_enough_is_the_least_that_is(mean: float, spread: float, level: float) -> None:
    units, variance = enough(mean, mean * spread, level), mean * spread
    assert 1 - chance_of(mean, variance, units + 1) >= level - 1e-9
    assert units == 0 or 1 - chance_of(mean, variance, units) < level + 1e-9


def test_cover_of_poisson_demand_by_the_table() -> None:
    # Poisson, mean 14: P(D ≤ 20) = 0.9521, P(D ≤ 19) = 0.9235.
    assert cover(STEADY, 0.95, 7) == Cover(14.0, 6, 20)
    assert cover(STEADY, 0.95, 7, lead_variance=4.0).reorder_point == enough(14.0, 30.0, 0.95)


def test_what_is_hardly_known_needs_more() -> None:
    # Seven days known and seven to cover: the variance doubles.
    little = Forecast(Kind.SMOOTH, "ses", 2.0, 2.0, remembers=7)
    assert little.variance_over(7) == 28.0
    assert cover(little, 0.95, 7).safety > cover(STEADY, 0.95, 7).safety


@pytest.mark.parametrize(
    "bad", [(0.0, 7, 0.0), (1.0, 7, 0.0), (0.9, 0, 0.0), (0.9, 7, -1.0), (float("nan"), 7, 0.0)]
)
def test_figures_without_a_meaning_are_refused(bad: tuple[float, float, float]) -> None:
    with pytest.raises(InvalidInput):
        cover(STEADY, *bad)


def test_the_last_unit_is_worth_most() -> None:
    worths = [worth_of_last(STEADY, units, 7, 1000) for units in (1, 14, 20, 60)]
    assert worths == sorted(worths, reverse=True)
    assert worths[0] == 1000
    assert worths[-1] == 0
    # Poisson, mean 14: P(D ≥ 20) = 1 - 0.9235.
    assert chance_used_up(STEADY, 20, 7) == pytest.approx(0.0765, abs=1e-4)
    assert worths[2] == 77


def test_the_week_is_in_the_sum_of_days() -> None:
    known = Forecast(Kind.SMOOTH, "weekly", 2.0, 1.0, (4.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5))
    assert [known.over(days) for days in (1, 2, 7, 8)] == [8.0, 9.0, 14.0, 22.0]
