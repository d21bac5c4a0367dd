"""Which method a series gets, and what it then says."""

from __future__ import annotations

import random

import pytest
from dom.forecast.forecast import forecast
from dom.forecast.kinds import Kind
from hypothesis import given
from hypothesis import strategies as st


def test_even_demand_is_smoothed_and_certain() -> None:
    known = forecast((4,) * 60)
    assert (known.kind, known.velocity, known.variance) == (Kind.SMOOTH, 4.0, 0.0)
    assert known.method.startswith("ses")


def test_the_week_counts_where_it_is_seen_again() -> None:
    known = forecast((3, 4, 5, 3, 6, 2, 1) * 20 + (3, 4))
    assert known.method.startswith("weekly")
    # The next day is the third of the week: 5 of 24 / 7.
    assert known.velocity * known.week[0] == pytest.approx(5.0, rel=0.1)
    assert known.over(7) == pytest.approx(24.0, rel=0.05)


def test_chance_is_not_taken_for_a_week() -> None:
    rng = random.Random(3)
    plain = [forecast([rng.randint(2, 8) for _ in range(120)]).method for _ in range(40)]
    assert sum(method.startswith("weekly") for method in plain) < 10


def test_rare_demand_is_tsbs_and_what_nobody_wants_any_more_fades() -> None:
    sold = (0, 0, 2, 0, 0, 1) * 30
    known = forecast(sold)
    assert known.method.startswith("tsb")
    assert known.velocity == pytest.approx(0.5, rel=0.15)
    assert forecast(sold + (0,) * 120).velocity < 0.1
    assert forecast(sold + (0,) * 182).kind is Kind.NONE
    assert forecast(sold + (0,) * 182).velocity == 0.0


def test_a_first_sale_is_known_to_be_little() -> None:
    known = forecast((3,))
    assert known.velocity == pytest.approx(3.0)
    assert known.remembers == 1.0


@given(st.lists(st.integers(0, 99), max_size=400))
def test_any_series_has_a_forecast_that_makes_sense(units: list[int]) -> None:
    known = forecast(units)
    assert 0 <= known.velocity <= max(units, default=0) + 1e-9
    assert known.variance >= 0
    assert known.over(7) == pytest.approx(7 * known.velocity)
    assert forecast(units) == known


def test_the_sale_that_begins_a_series_is_not_taken_for_its_rate() -> None:
    # One sale, then nothing for eight weeks: at most about half a sale in them is to be expected.
    assert forecast((1,) + (0,) * 55).velocity * 56 < 0.6
