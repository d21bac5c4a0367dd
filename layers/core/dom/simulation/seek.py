"""Weights that reach a goal, looked for with the simulation as the judge.

A bounded search, the same every time: first each lever alone, through all its values, then steps of
one lever from the best rule set known, until none of them is better. It may miss a better set that
only two levers together reach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dom.model.rules import RuleSet
from dom.simulation.goal import Goal, Trial, frontier, share, worsened
from dom.simulation.levers import LEVERS, Lever
from dom.simulation.measures import MEASURES, figures
from dom.simulation.outcome import Outcome

RUNS = 60
Oracle = Callable[[str, RuleSet], Outcome]
Values = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was found. `changes` (path: before and after) lead from the base to `best`.

    Not `reached`: `best` comes nearest, and `achieved` says by which share each measure changed.
    `frontier`: the trials that no other beats in both cash and the goal's measure, cheapest first.
    """

    goal: Goal
    reached: bool
    best: Trial
    changes: Mapping[str, tuple[int, int]]
    achieved: Mapping[str, float]
    frontier: tuple[Trial, ...]
    trials: tuple[Trial, ...]


def seek(
    goal: Goal,
    base: RuleSet,
    oracle: Oracle,
    runs: int = RUNS,
    levers: Sequence[Lever] = LEVERS,
) -> Proposal:
    """The rule set that reaches the goal at the least cash, or else comes nearest to it."""
    if goal.measure not in MEASURES or not goal.keep.keys() <= MEASURES.keys():
        raise ValueError(f"a goal is one of {', '.join(MEASURES)}")
    search = _Search(goal, base, oracle, max(1, runs), levers)
    search.run()
    best = search.best
    start = search.trials[search.start]
    return Proposal(
        goal,
        search.merit(best)[0] == 0,
        best,
        {
            path: (start.values[path], value)
            for path, value in best.values.items()
            if value != start.values[path]
        },
        {name: share(best.figures[name], start.figures[name]) for name in MEASURES},
        tuple(frontier(search.trials.values(), goal.measure)),
        tuple(search.trials.values()),
    )


class _Search:
    def __init__(
        self, goal: Goal, base: RuleSet, oracle: Oracle, runs: int, levers: Sequence[Lever]
    ) -> None:
        self.goal, self.base, self.oracle, self.runs = goal, base, oracle, runs
        self.levers = levers
        self.steps = [lever.steps(base) for lever in levers]
        self.start = tuple(lever.get(base) for lever in levers)
        self.trials: dict[Values, Trial] = {}

    def run(self) -> None:
        """Fill `trials`."""
        self._try(self.start)
        for number, steps in enumerate(self.steps):
            for value in steps:
                self._try(_with(self.start, number, value))
        tried = 0
        while tried < len(self.trials) < self.runs:
            tried = len(self.trials)
            for values in self._near(self._key(self.best)):
                self._try(values)

    @property
    def best(self) -> Trial:
        """The trial with the least merit; of equals the first."""
        return min(self.trials.values(), key=self.merit)

    def merit(self, trial: Trial) -> tuple[float, float]:
        """How much is missing, as shares of the base's figures, then cash."""
        before = self.trials[self.start].figures
        allowed = {**self.goal.keep, self.goal.measure: -abs(self.goal.change)}
        missing = (
            max(0.0, worsened(name, trial.figures[name], before[name]) - share)
            for name, share in allowed.items()
        )
        return round(sum(missing), 9), trial.figures["cash"]

    def _try(self, values: Values) -> None:
        if values in self.trials or len(self.trials) >= self.runs:
            return
        rules = self.base
        for lever, value in zip(self.levers, values, strict=True):
            rules = lever.put(rules, value)
        named = {lever.path: value for lever, value in zip(self.levers, values, strict=True)}
        outcome = self.oracle(f"trial {len(self.trials)}", rules)
        self.trials[values] = Trial(named, rules, outcome, figures(outcome.sums))

    def _key(self, trial: Trial) -> Values:
        return tuple(trial.values[lever.path] for lever in self.levers)

    def _near(self, values: Values) -> Iterator[Values]:
        for number, steps in enumerate(self.steps):
            at = steps.index(values[number])
            for value in (*steps[max(0, at - 1) : at], *steps[at + 1 : at + 2]):
                yield _with(values, number, value)


def _with(values: Values, number: int, value: int) -> Values:
    return (*values[:number], value, *values[number + 1 :])
