"""What a SKU sells in a region from now on: velocity, variability, and how that is known.

The rule: demand that comes rarely (ADI ≥ 1.32) is TSB's, the rest is smoothed exponentially; the
days of the week count only where they lower the error of the last weeks. Rates of learning are the
ones of a short list with the least squared error, so that two machines choose the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from dom.forecast.kinds import RARE, Kind, kind_of
from dom.forecast.smoothing import WEEK, Exponential, Run, Tsb, Weekly, run, weekly

ALPHAS = (0.02, 0.05, 0.1, 0.2)
# The class is the one of these last days: a SKU may have been something else last winter.
RECENT = 182
# Weeks whose error says if the days of the week pay, after at least as many to learn them from.
# They must lower it by a tenth: of Poisson noise one series in 25 looks like that by chance, of a
# week with one weekday at 170 % nineteen in twenty do; at a fiftieth, every fifth of noise did.
TRIAL = 4 * WEEK
PAYS = 0.9
FLAT = (1.0,) * WEEK


@dataclass(frozen=True, slots=True)
class Forecast:
    """Demand expected of each day: `velocity` units, with `variance` about it.

    `week`: factors of the next seven days, whose mean is 1. `remembers`: days whose mean would be
    as uncertain as the velocity is.
    """

    kind: Kind
    method: str
    velocity: float
    variance: float
    week: tuple[float, ...] = FLAT
    remembers: float = float("inf")

    def over(self, days: int) -> float:
        """Units expected in the next days."""
        whole, rest = divmod(days, WEEK)
        return self.velocity * (whole * WEEK + sum(self.week[:rest]))

    def variance_over(self, days: float) -> float:
        """Variance of the sum of so many days, and of not knowing the velocity exactly."""
        return self.variance * (days + days * days / self.remembers)


def forecast(units: Sequence[int]) -> Forecast:
    """Of a series of daily units, oldest first; its last day is the one before the forecast's."""
    kind = kind_of(units[-RECENT:])
    if kind is Kind.NONE:
        return Forecast(kind, "none", 0.0, 0.0)
    if kind in RARE:
        return _as(kind, "tsb", *_tsb(units), len(units))
    if _week_pays(units):
        return _seasonal(kind, units)
    return _as(kind, "ses", *_ses(units), len(units))


def _as(kind: Kind, name: str, rate: float, done: Run, days: int) -> Forecast:
    known = _remembered(rate, days)
    return Forecast(kind, f"{name} {rate}", done.level, spread(done.errors), FLAT, known)


def spread(errors: Sequence[float]) -> float:
    """Mean square of the errors of the recent days: what a day is off by, squared."""
    recent = errors[-RECENT:]
    return fmean(one * one for one in recent) if recent else 0.0


def _remembered(rate: float, days: int) -> float:
    """Days that weigh as much as all that a smoothing of this rate remembers: (2 - α) / α."""
    return max(1.0, min(float(days), (2 - rate) / rate))


def _best(tried: Iterable[tuple[float, Run]]) -> tuple[float, Run]:
    return min(tried, key=lambda one: sum(error * error for error in one[1].errors))


def _ses(units: Sequence[float]) -> tuple[float, Run]:
    start = fmean(units[:TRIAL])
    return _best((rate, run(Exponential(rate, start), units)) for rate in ALPHAS)


def _tsb(units: Sequence[int]) -> tuple[float, Run]:
    """Without the first day: every series begins with a sale, however rare they are."""
    after = units[1:] or units
    size, chance = _start(after, units)
    return _best((rate, run(Tsb(0.1, rate, size, chance), after)) for rate in ALPHAS)


def _start(after: Sequence[int], units: Sequence[int]) -> tuple[float, float]:
    """Mean size of a demand, and the chance of one on a day of the first half year.

    Half a sale on one day more, so that a chance is never quite 0.
    """
    first = after[:RECENT]
    sizes = [one for one in first if one] or [one for one in units if one]
    return fmean(sizes), (sum(1 for one in first if one) + 0.5) / (len(first) + 1)


def _seasonal(kind: Kind, units: Sequence[int]) -> Forecast:
    """By the factors of the recent days: what came before them is left out."""
    recent = units[-RECENT:]
    factors, start = weekly(recent), fmean(recent[:TRIAL])
    methods = [(rate, Weekly(rate, start, factors)) for rate in ALPHAS]
    tried = {rate: (method, run(method, recent)) for rate, method in methods}
    rate, done = _best((rate, done) for rate, (_, done) in tried.items())
    ahead = tuple(factors[(len(recent) + n) % WEEK] for n in range(WEEK))
    base = tried[rate][0].base
    known = _remembered(rate, len(recent))
    return Forecast(kind, f"weekly {rate}", base, spread(done.errors), ahead, known)


def _week_pays(units: Sequence[int]) -> bool:
    """Whether the week, learnt before the last weeks, lowers the squared error of these."""
    if len(units) < 2 * TRIAL:
        return False
    before, trial = units[-RECENT:-TRIAL], units[-TRIAL:]
    factors, mean = weekly(before), fmean(before[-TRIAL:])
    phase = len(before)
    plain = sum((one - mean) ** 2 for one in trial)
    shaped = sum((one - mean * factors[(phase + n) % WEEK]) ** 2 for n, one in enumerate(trial))
    return shaped < PAYS * plain
