"""How two variants differ on the same orders, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from dom.simulation.measures import MEASURES, Measure
from dom.simulation.outcome import Outcome
from dom.simulation.sums import Sums

DRAWS = 1000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % confidence interval."""

    value: float
    low: float
    high: float

    @property
    def differs(self) -> bool:
        """Whether the interval excludes 0."""
        return not self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True)
class Comparison:
    """Each measure of `variant` minus that of `base`, in the measure's own unit."""

    base: str
    variant: str
    differences: Mapping[str, Interval]


def compare(
    base: Outcome,
    other: Outcome,
    seed: int = 0,
    draws: int = DRAWS,
    measures: Mapping[str, Measure] = MEASURES,
) -> Comparison:
    """The differences, paired: both are drawn from the same orders. ValueError if they are not.

    Percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13) over
    blocks of neighboring orders, since those compete for the same stock and capacity.
    """
    sizes = [[block.orders for block in one.blocks] for one in (base, other)]
    if sizes[0] != sizes[1]:
        raise ValueError(f"{base.variant} and {other.variant} are not of the same orders")
    picks = _draws(len(base.blocks), seed, draws)
    found = {
        name: _difference(measure, base.blocks, other.blocks, picks)
        for name, measure in measures.items()
    }
    return Comparison(base.variant, other.variant, found)


def interval(outcome: Outcome, name: str, seed: int = 0, draws: int = DRAWS) -> Interval:
    """One measure of one variant."""
    measure, picks = MEASURES[name], _draws(len(outcome.blocks), seed, draws)
    pairs = _pairs(measure, outcome.blocks)
    return _interval(measure.of(outcome.sums), [_ratio(pairs, drawn) for drawn in picks])


Pairs = list[tuple[float, float]]


def _draws(blocks: int, seed: int, draws: int) -> list[list[int]]:
    random, every = Random(seed), range(blocks)  # noqa: S311 (resampling)
    return [random.choices(every, k=blocks) for _ in range(draws)] if blocks else []


def _difference(
    measure: Measure, base: Sequence[Sums], other: Sequence[Sums], picks: list[list[int]]
) -> Interval:
    ours, theirs = _pairs(measure, other), _pairs(measure, base)
    everything = list(range(len(base)))
    value = _ratio(ours, everything) - _ratio(theirs, everything)
    return _interval(value, [_ratio(ours, drawn) - _ratio(theirs, drawn) for drawn in picks])


def _pairs(measure: Measure, blocks: Sequence[Sums]) -> Pairs:
    return [(measure.amount(one), measure.per(one)) for one in blocks]


def _ratio(pairs: Pairs, drawn: list[int]) -> float:
    per = sum(pairs[i][1] for i in drawn)
    return sum(pairs[i][0] for i in drawn) / per if per else 0.0


def _interval(value: float, drawn: list[float]) -> Interval:
    if not drawn:
        return Interval(value, value, value)
    ordered, cut = sorted(drawn), int(len(drawn) * (1 - LEVEL) / 2)
    return Interval(value, ordered[cut], ordered[-1 - cut])
