"""A goal, what was tried for it, and which of the trials nobody beats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dom.model.rules import RuleSet
from dom.simulation.measures import MEASURES
from dom.simulation.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Goal:
    """Change a measure by a share of what it is (-0.2: a fifth less), at no worse `keep`.

    `keep`: by how great a share each of these may become worse.
    """

    measure: str
    change: float
    keep: Mapping[str, float] = field(default_factory=lambda: {"cash": 0.005, "fill": 0.002})


@dataclass(frozen=True, slots=True)
class Trial:
    """A rule set that was tried: the levers' values and what they came to."""

    values: Mapping[str, int]
    rules: RuleSet
    outcome: Outcome
    figures: Mapping[str, float]


def share(after: float, before: float) -> float:
    """The change as a share of what was; of nothing, whether it changed."""
    return (after - before) / before if before else float(after != before)


def worsened(name: str, after: float, before: float) -> float:
    """The change as a share, positive if it is for the worse."""
    change = share(after, before)
    return -change if MEASURES[name].more_is_better else change


def frontier(trials: Iterable[Trial], measure: str) -> Iterator[Trial]:
    """The trials that no other beats in both cash and the measure, cheapest first."""
    sign = -1 if MEASURES[measure].more_is_better else 1
    least = float("inf")
    ranked = sorted(trials, key=lambda one: (one.figures["cash"], sign * one.figures[measure]))
    for trial in ranked:
        if sign * trial.figures[measure] < least:
            least = sign * trial.figures[measure]
            yield trial
