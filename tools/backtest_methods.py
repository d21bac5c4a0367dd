"""What the backtest compares: our choice, each method alone, and what a spreadsheet would do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import fmean

from dom.forecast.forecast import Forecast, forecast, spread
from dom.forecast.kinds import Kind, interval
from dom.forecast.smoothing import WEEK, Croston, Exponential, Method, Tsb, run

ALPHA, BETA, WINDOW = 0.1, 0.05, 28
Units = Sequence[int]


def naive(units: Units) -> Forecast:
    """Every day sells what the last one did."""
    errors = [b - a for a, b in pairwise(units)]
    return Forecast(Kind.NONE, "naive", units[-1], spread(errors))


def seasonal(units: Units) -> Forecast:
    """Every day sells what the same day of the week did last."""
    last = units[-WEEK:]
    mean = fmean(last)
    week = tuple(one / mean for one in last) if mean else (1.0,) * WEEK
    errors = [b - a for a, b in zip(units, units[WEEK:], strict=False)]
    return Forecast(Kind.NONE, "seasonal naive", mean, spread(errors), week)


def moving(units: Units) -> Forecast:
    """The mean of the last four weeks, and the variance about it."""
    last = units[-WINDOW:]
    mean = fmean(last)
    return Forecast(Kind.NONE, "mean of 28 days", mean, spread([one - mean for one in last]))


def _alone(name: str, make: Callable[[float, float], Method]) -> Callable[[Units], Forecast]:
    """A method with fixed rates, begun with the mean size and interval of the first weeks."""

    def made(units: Units) -> Forecast:
        first = units[: 2 * WINDOW]
        first = first if any(first) else units
        size = fmean([one for one in first if one] or [0.0])
        done = run(make(size, interval(first)), units)
        return Forecast(Kind.NONE, name, done.level, spread(done.errors))

    return made


METHODS: dict[str, Callable[[Units], Forecast]] = {
    "naive": naive,
    "seasonal naive": seasonal,
    "mean of 28 days": moving,
    "SES": _alone("SES", lambda size, gap: Exponential(ALPHA, size / gap)),
    "Croston": _alone("Croston", lambda size, gap: Croston(ALPHA, size, gap)),
    "SBA": _alone("SBA", lambda size, gap: Croston(ALPHA, size, gap, 1 - ALPHA / 2)),
    "TSB": _alone("TSB", lambda size, gap: Tsb(ALPHA, BETA, size, 1 / gap)),
    "ours": forecast,
}
