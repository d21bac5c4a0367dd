"""Weights that can never matter."""

from __future__ import annotations

from collections.abc import Iterator

from dom.model.rules import Weights
from dom.model.versions import Finding
from dom.rulesets.lint.finding import Matter, warning
from dom.rulesets.lint.money import dearest_parcel, most_co2e_grams

# Weight → the one without which it counts for nothing.
NEEDS = {"markdown_cap": "markdown", "slow_weeks": "markdown", "replenish_days": "last_unit"}


def check(matter: Matter) -> Iterator[Finding]:
    """Terms that are off, that round to nothing, or that a penalty drowns."""
    yield from _off(matter)
    grams = most_co2e_grams(matter.rules)
    for path, co2e in _set(matter, "co2e_tonne"):
        if 0 < co2e * grams < 500_000:
            yield warning("weight_rounds_to_nothing", path, "no parcel's CO2e costs a minor unit")
    dearest = dearest_parcel(matter.rules)
    for path, parcel in _set(matter, "parcel"):
        if parcel > dearest:
            text = (
                f"no parcel costs more than about {dearest}: the fewest parcels always win, and "
                "all other weights only decide among plans with as many"
            )
            yield warning("penalty_beyond_all", path, text)


def _set(matter: Matter, name: str) -> Iterator[tuple[str, int]]:
    """Where the weight is set, and to what."""
    yield f"weights.{name}", getattr(matter.rules.weights, name)
    for one in matter.named:
        if name in one.rule.change.weights:
            yield f"{one.path}.change.weights.{name}", one.rule.change.weights[name]


def _off(matter: Matter) -> Iterator[Finding]:
    for name, needed in NEEDS.items():
        if any(value for _, value in _set(matter, needed)):
            continue
        for path, value in _set(matter, name):
            if value != getattr(Weights(), name):
                yield warning("weight_is_off", path, f"{needed} is 0 everywhere: it never counts")
    for one in matter.named:
        for name, value in one.rule.change.weights.items():
            if value == 0 and not any(v for _, v in _set(matter, name)):
                path = f"{one.path}.change.weights.{name}"
                yield warning("weight_is_off", path, f"{name} is 0 without this rule, too")
