"""The backtest looks at nothing from after an origin and counts right; we beat naive methods."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from dom.forecast.forecast import Forecast
from dom.forecast.kinds import Kind
from dom.forecast.series import Sale, Series

from tools.backtest import backtest, report, sample, windows
from tools.backtest_data import EXTRACT, made, read_sales, whole
from tools.backtest_methods import METHODS, naive, seasonal
from tools.backtest_score import Score, Window

START = date(2026, 1, 5)


def test_each_week_is_forecast_from_what_lies_before_it() -> None:
    series = Series("MUG", "US", START, tuple(range(70)))
    first, second = windows(series, 8)
    assert (first.history, first.actual) == (tuple(range(56)), tuple(range(56, 63)))
    assert (second.history[-1], second.actual[0]) == (62, 63)


def test_naive_methods_by_hand() -> None:
    units = (1, 2, 3, 4, 5, 6, 7, 8)
    assert (naive(units).velocity, naive(units).variance) == (8, 1.0)
    # The day that comes is the second of its week: what it sold last is 2.
    known = seasonal(units)
    assert known.velocity * known.week[0] == pytest.approx(2.0)
    assert (known.over(7), known.variance) == (pytest.approx(35.0), 49.0)


def test_a_score_by_hand() -> None:
    score, known = Score(), Forecast(Kind.SMOOTH, "x", 1.0, 0.0)
    # Each day of the history differs by 2 from that of a week before.
    window = Window((0,) * 7 + (2,) * 7, (2,) * 7)
    score.add(known, window)
    # 7 expected and 14 sold. Poisson, mean 7: 12 units are enough for 95 % (0.9730; 11: 0.9467).
    assert (score.error, score.bias, score.scaled) == (7.0, -7.0, 0.5)
    assert (score.stock, score.served) == (12, 0)
    assert score.pinball == pytest.approx(0.95 * 2)
    assert score.row[:3] == ("0.500", "-0.500", "0.500")


def test_lines_of_files_are_read_as_they_come(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "order,sku,ts,zip,qty\n1,MUG,2026-01-05 10:00:00,77095,2\n2,MUG,2026-01-06,07001,1.0\n"
        "3,MUG,2026-01-07,07001,-1\n"
    )
    assert read_sales(path) == [
        Sale("MUG", "7", START, 2),
        Sale("MUG", "0", date(2026, 1, 6), 1),
    ]


def test_a_sample_is_spread_evenly() -> None:
    all_series = [Series(str(n), "US", START, (1,)) for n in range(10)]
    assert [one.sku for one in sample(all_series, 4)] == ["1", "4", "7"]
    assert len(sample(all_series, 99)) == 10


@pytest.mark.parametrize("source", ["made", "shipped"])
def test_we_beat_both_naive_methods(source: str) -> None:
    found = made(each=6) if source == "made" else whole(read_sales(EXTRACT))[::2]
    scores = backtest(found, 4)
    ours = scores["all", "ours"]
    for rival in ("naive", "seasonal naive"):
        other = scores["all", rival]
        assert other.windows == ours.windows > 50
        assert ours.error < other.error, rival
        assert ours.pinball < other.pinball, rival
    assert 0.88 < ours.served / ours.windows < 0.99
    assert all(f"| {name} |" in report(scores) for name in METHODS)
