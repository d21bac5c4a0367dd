"""Passes that find nothing an earlier one has not found."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from dom.model.rules import Pass, RuleSet
from dom.model.versions import Finding
from dom.rulesets.lint.finding import Matter, warning


def check(matter: Matter) -> Iterator[Finding]:
    """A pass is of use only if it allows something that no pass before it did."""
    passes = matter.rules.passes
    for place, one in enumerate(passes):
        earlier = next((p for p in passes[:place] if _allows(p, one, matter.rules)), None)
        if earlier:
            text = f"{earlier.name} comes before it and allows all that {one.name} does"
            yield warning("pass_never_reached", f"passes.{place}", text)


def _allows(earlier: Pass, one: Pass, rules: RuleSet) -> bool:
    late = _limit(one.days_late) <= _limit(earlier.days_late)
    return late and _splits(one, rules) <= _splits(earlier, rules)


def _splits(one: Pass, rules: RuleSet) -> float:
    return min(_limit(one.max_splits), _limit(rules.fences.max_splits))


def _limit(value: int | None) -> float:
    return inf if value is None else value
