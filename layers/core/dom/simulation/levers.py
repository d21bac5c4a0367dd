"""What a search for better weights may turn: prices of the decision, never what is paid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from dom.model.location import LocationType
from dom.model.overlay import Change, Rule
from dom.model.rules import RuleSet
from dom.model.scope import Where

STORES = "parcels from stores"


@dataclass(frozen=True, slots=True)
class Lever:
    """A number of the rule set, where it stands in the document, and the values to try."""

    path: str
    values: tuple[int, ...]
    get: Callable[[RuleSet], int]
    put: Callable[[RuleSet, int], RuleSet]

    def steps(self, rules: RuleSet) -> list[int]:
        """The values to try and the one that the rule set has, ascending."""
        return sorted({*self.values, self.get(rules)})


def _weight(name: str, *values: int) -> Lever:
    def get(rules: RuleSet) -> int:
        return int(getattr(rules.weights, name))

    def put(rules: RuleSet, value: int) -> RuleSet:
        changed: dict[str, Any] = {name: value}
        return replace(rules, weights=replace(rules.weights, **changed))

    return Lever(f"weights.{name}", values, get, put)


def _store_surcharge(rules: RuleSet) -> int:
    return next((rule.change.parcel for rule in rules.rules if rule.name == STORES), 0)


def _with_store_surcharge(rules: RuleSet, value: int) -> RuleSet:
    """Labor of stores counted dearer (or cheaper) than it is paid: the last rule of the set."""
    others = tuple(rule for rule in rules.rules if rule.name != STORES)
    where = Where(types=frozenset({LocationType.STORE}))
    mine = (Rule(STORES, Change(parcel=value), where=where),) if value else ()
    return replace(rules, rules=others + mine)


LEVERS = (
    _weight("day", 0, 50, 100, 200, 400, 800, 1600, 3200),
    _weight("parcel", 0, 100, 300, 600, 1200, 1_000_000),
    _weight("co2e_tonne", 0, 10_000, 40_000),
    _weight("capacity", 0, 300, 900),
    Lever(f"rules.{STORES}", (-400, -200, 0, 200, 400), _store_surcharge, _with_store_surcharge),
)
