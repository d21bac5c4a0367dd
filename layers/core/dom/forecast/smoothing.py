"""Methods that say from a series what the next day sells.

A method is fed day by day: `level` is what it expects of the day that comes. Croston's and the
methods made from it look at the size of a demand and at how often there is one.

Sources: Croston, Operational Research Quarterly 23 (1972); SBA: Syntetos & Boylan, International
Journal of Forecasting 21 (2005), which takes Croston's bias away; TSB: Teunter, Syntetos & Babai,
European Journal of Operational Research 214 (2011), whose probability also falls on days without
demand, so that a SKU that nobody wants any more ends at 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import NamedTuple, Protocol

WEEK = 7


class Method(Protocol):
    """Learns a day at a time."""

    @property
    def level(self) -> float:
        """Units expected of the next day."""
        ...

    def learn(self, units: float) -> None:
        """Take in what a day sold."""
        ...


class Exponential:
    """Simple exponential smoothing."""

    def __init__(self, alpha: float, level: float) -> None:
        self.alpha, self.level = alpha, level

    def learn(self, units: float) -> None:
        """level += alpha * (units - level)."""
        self.level += self.alpha * (units - self.level)


class Weekly:
    """Exponential smoothing of what is left when the days of the week are taken out.

    `base` learns the error as it is, not divided by the day's factor: days that hardly ever sell
    would say most then. Since the factors' mean is 1, it comes to rest at the mean of all days.
    """

    def __init__(self, alpha: float, base: float, factors: Sequence[float]) -> None:
        self.alpha, self.base, self.factors, self.day = alpha, base, factors, 0

    @property
    def level(self) -> float:
        """The base times the factor of the day that comes."""
        return self.base * self.factors[self.day % WEEK]

    def learn(self, units: float) -> None:
        """base += alpha * (units - base * factor)."""
        self.base += self.alpha * (units - self.level)
        self.day += 1


class Tsb:
    """Size and probability of demand, each smoothed: size * probability."""

    def __init__(self, alpha: float, beta: float, size: float, chance: float) -> None:
        self.alpha, self.beta, self.size, self.chance = alpha, beta, size, chance

    @property
    def level(self) -> float:
        """Size of a demand times the chance of one."""
        return self.size * self.chance

    def learn(self, units: float) -> None:
        """The chance learns every day, the size on days with demand."""
        self.chance += self.beta * ((1.0 if units else 0.0) - self.chance)
        if units:
            self.size += self.alpha * (units - self.size)


class Croston:
    """Size and interval of demand, each smoothed on days with demand: size / interval.

    `correction` 1 is Croston's own, 1 - alpha / 2 the SBA.
    """

    def __init__(self, alpha: float, size: float, interval: float, correction: float = 1.0) -> None:
        self.alpha, self.size, self.interval = alpha, size, interval
        self.correction, self.waited = correction, 1

    @property
    def level(self) -> float:
        """Units per day of the mean interval."""
        return self.correction * self.size / self.interval

    def learn(self, units: float) -> None:
        """Nothing moves until somebody asks."""
        if not units:
            self.waited += 1
            return
        self.size += self.alpha * (units - self.size)
        self.interval += self.alpha * (self.waited - self.interval)
        self.waited = 1


class Run(NamedTuple):
    """What a method made of a series: its last level, and what each day was off by."""

    level: float
    errors: tuple[float, ...]


def run(method: Method, units: Iterable[float]) -> Run:
    """Feed a series; an error is units sold less units expected the evening before."""
    errors = []
    for one in units:
        errors.append(one - method.level)
        method.learn(one)
    return Run(method.level, tuple(errors))


def weekly(units: Sequence[int]) -> tuple[float, ...]:
    """Factor of each day of the week, by the position in the series modulo 7; their mean is 1.

    Halfway to 1 where there is one week only: each factor is a mean with one more week that sells
    evenly. All 1 for a series without demand.
    """
    mean = fmean(units) if units else 0.0
    if not mean:
        return (1.0,) * WEEK
    days = [units[n::WEEK] for n in range(WEEK)]
    factors = [(sum(day) + mean) / (len(day) + 1) / mean for day in days]
    total = sum(factors) / WEEK
    return tuple(factor / total for factor in factors)
