"""How likely so many units are, when mean and variance of a time's demand are known.

Poisson where the variance is not above the mean, negative binomial where it is (orders of several
units, good days and bad ones); beyond some thousand units the normal distribution, which is close
enough there. Source: Syntetos & Boylan, "On the stock control performance of intermittent demand
estimators", International Journal of Production Economics 103 (2006): the negative binomial.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice
from math import ceil, exp, log
from statistics import NormalDist

# Above this, sums of single chances would be long.
LARGE = 2_000.0


def chance_of(mean: float, variance: float, units: int) -> float:
    """Probability that demand reaches so many units: 1 for none."""
    if units <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    if mean > LARGE or units > 10 * LARGE:
        return 1.0 - _normal(mean, variance).cdf(units - 0.5)
    return max(0.0, 1.0 - sum(islice(_chances(mean, variance), units)))


def enough(mean: float, variance: float, level: float) -> int:
    """The fewest units that demand stays within, with at least that probability (0 ≤ level < 1)."""
    if mean <= 0:
        return 0
    if mean > LARGE:
        return max(0, ceil(_normal(mean, variance).inv_cdf(level) - 0.5))
    below = 0.0
    for units, chance in enumerate(_chances(mean, variance)):
        below += chance
        if below >= level or units > 10 * LARGE:
            return units
    raise AssertionError("chances never end")


def tails(mean: float, variance: float) -> Iterator[float]:
    """P(1 or more), P(2 or more), ...: what each unit that is kept is likely to be needed for."""
    if mean <= 0 or mean > LARGE:
        yield from (chance_of(mean, variance, units) for units in count(1))
    left = 1.0
    for chance in _chances(mean, variance):
        left = max(0.0, left - chance)
        yield left


def _normal(mean: float, variance: float) -> NormalDist:
    return NormalDist(mean, max(mean, variance) ** 0.5)


def _chances(mean: float, variance: float) -> Iterator[float]:
    """P(0), P(1), ...: each follows from the one before."""
    if variance <= mean * 1.0001:
        yield from _poisson(mean)
        return
    size = mean * mean / (variance - mean)
    share = mean / (mean + size)
    logarithm = size * log(size / (size + mean))
    for k in count():
        yield exp(logarithm)
        logarithm += log((size + k) / (k + 1) * share)


def _poisson(mean: float) -> Iterator[float]:
    logarithm = -mean
    for k in count(1):
        yield exp(logarithm)
        logarithm += log(mean / k)
