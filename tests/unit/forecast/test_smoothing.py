"""Methods against numbers worked by hand, and what holds for any series."""

from __future__ import annotations

from statistics import fmean

import pytest
from dom.forecast.smoothing import Croston, Exponential, Tsb, Weekly, run, weekly
from hypothesis import given
from hypothesis import strategies as st

SERIES = st.lists(st.integers(0, 50), min_size=1, max_size=80)


def test_exponential_by_hand() -> None:
    # 4 → 4 + 0.5 * (8 - 4) = 6 → 6 + 0.5 * (2 - 6) = 4
    done = run(Exponential(0.5, 4.0), (8, 2))
    assert done.errors == (4.0, -4.0)
    assert done.level == 4.0


def test_tsb_by_hand() -> None:
    # Day 1 sells nothing: chance 0.5 → 0.4, size stays 10. Day 2 sells 20: chance 0.4 + 0.2 * 0.6 =
    # 0.52, size 10 + 0.1 * 10 = 11; the level is 5.72.
    done = run(Tsb(0.1, 0.2, 10.0, 0.5), (0, 20))
    assert done.errors == (-5.0, 16.0)
    assert done.level == pytest.approx(5.72)


def test_croston_and_sba_by_hand() -> None:
    # A demand of 20 on the third day: size 10 + 0.1 * 10 = 11, interval 2 + 0.1 * (3 - 2) = 2.1.
    assert run(Croston(0.1, 10.0, 2.0), (0, 0, 20)).level == pytest.approx(11 / 2.1)
    assert run(Croston(0.1, 10.0, 2.0, 0.95), (0, 0, 20)).level == pytest.approx(0.95 * 11 / 2.1)


def test_croston_never_forgets_and_tsb_does() -> None:
    silence = (0,) * 365
    assert run(Croston(0.1, 10.0, 2.0), silence).level == 5.0
    assert run(Tsb(0.1, 0.05, 10.0, 0.5), silence).level < 0.001


def test_the_base_of_a_week_with_a_closed_day_is_the_mean_of_all_days() -> None:
    units = (3, 4, 5, 3, 6, 2, 0) * 30
    method = Weekly(0.02, 3.0, weekly(units))
    done = run(method, units)
    assert method.base == pytest.approx(23 / 7, rel=0.02)
    assert max(abs(error) for error in done.errors[-7:]) < 0.5


def test_factors_of_one_week_are_half_way_to_even() -> None:
    # 14 units on one day of seven: its factor is (14 + 2) / 2 / 2 = 4, that of the others 0.5.
    assert weekly((14, 0, 0, 0, 0, 0, 0)) == (4.0, *(0.5,) * 6)
    assert weekly((0,) * 9) == weekly(()) == (1.0,) * 7


@given(SERIES)
def test_factors_are_positive_with_mean_1(units: list[int]) -> None:
    factors = weekly(units)
    assert fmean(factors) == pytest.approx(1.0)
    assert min(factors) > 0


@given(SERIES, st.sampled_from((0.02, 0.1, 0.5)))
def test_levels_stay_within_what_was_sold(units: list[int], rate: float) -> None:
    start = fmean(units)
    for method in (Exponential(rate, start), Tsb(rate, rate, start, 1.0)):
        assert -1e-9 <= run(method, units).level <= max(units) + 1e-9
