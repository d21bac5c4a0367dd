"""What a rule set says of one kind of demand at an instant: its rules and overlays, applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from dom.model.overlay import AT_LOCATION, Overlay, Rule
from dom.model.rules import Dropship, RuleSet
from dom.model.scope import Case
from dom.sourcing.network import Network

Parts = tuple[tuple[int, int], ...]

# What a fence's value is made of where a rule brings it as plain data.
_FENCES: Mapping[str, Callable[[Any], object]] = {
    "groups": frozenset,
    "excluded": frozenset,
    "dropship": Dropship,
    "ships_to": lambda reach: {country: frozenset(to) for country, to in reach.items()},
}


class Surcharge(NamedTuple):
    """What rules add to a parcel and to each unit in it (minor units, negative: a credit)."""

    parcel: int = 0
    unit: int = 0


class Ruling(NamedTuple):
    """Weights and fences that hold, and what differs by location (disjoint sets of them).

    `min_stock` and `radius_km`: (value, locations) in the stead of the fences of those names.
    """

    rules: RuleSet
    excluded: int = 0
    surcharges: tuple[tuple[Surcharge, int], ...] = ()
    min_stock: Parts = ()
    radius_km: Parts = ()


class _Entry(NamedTuple):
    """A rule, and the locations at which it is in force now."""

    rule: Rule
    reach: int
    locations_only: bool = False


class Rulebook:
    """The rules of a rule set at an instant. Keeps a ruling for each set of rules that hold."""

    def __init__(self, network: Network, rules: RuleSet, now: datetime) -> None:
        self._network = network
        self._base = Ruling(rules)
        self._entries = tuple(_entries(network, rules, now))
        self._rulings: dict[tuple[int, ...], Ruling] = {(): self._base}

    def __bool__(self) -> bool:
        return bool(self._entries)

    def holding(self, case: Case) -> tuple[int, ...]:
        """Which rules hold for a demand: names its ruling."""
        return tuple(n for n, one in enumerate(self._entries) if one.rule.when.holds(case))

    def ruling(self, holding: tuple[int, ...]) -> Ruling:
        """What those rules come to."""
        if holding not in self._rulings:
            self._rulings[holding] = self._apply([self._entries[n] for n in holding])
        return self._rulings[holding]

    def _apply(self, entries: list[_Entry]) -> Ruling:
        ruling, parts = self._base, {Surcharge(): self._network.everywhere}
        for entry in entries:
            ruling = _changed(ruling, entry)
            parts = _surcharged(parts, entry)
        surcharges = tuple((extra, members) for extra, members in parts.items() if any(extra))
        return ruling._replace(surcharges=surcharges)


def _entries(network: Network, rules: RuleSet, now: datetime) -> Iterator[_Entry]:
    """Rules in their order, then the overlays in force: by priority, then by name."""
    for rule in rules.rules:
        yield _Entry(rule, network.where(rule.where))
    for overlay in sorted(rules.overlays, key=lambda one: (one.priority, one.rule.name)):
        reach = _in_force(network, overlay, now) & network.where(overlay.rule.where)
        if reach or (overlay.timezone != AT_LOCATION and overlay.in_force(now)):
            yield _Entry(overlay.rule, reach, overlay.timezone == AT_LOCATION)


def _in_force(network: Network, overlay: Overlay, now: datetime) -> int:
    """The locations at which it is in force: it may begin at each one's own midnight."""
    if overlay.timezone != AT_LOCATION:
        return network.everywhere if overlay.in_force(now) else 0
    zones = {one.timezone for one in network.classes}
    begun = {zone for zone in zones if overlay.in_force(now, zone)}
    places = 0
    for one in network.classes:
        places |= one.members if one.timezone in begun else 0
    return places


def _changed(ruling: Ruling, entry: _Entry) -> Ruling:
    change, reach = entry.rule.change, entry.reach
    if not entry.locations_only and (change.weights or change.fences):
        ruling = ruling._replace(rules=_with(ruling.rules, entry.rule))
    if change.exclude:
        ruling = ruling._replace(excluded=ruling.excluded | reach)
    if change.min_routing_stock is not None:
        parts = _laid_over(ruling.min_stock, change.min_routing_stock, reach)
        ruling = ruling._replace(min_stock=parts)
    if change.radius_km is not None:
        ruling = ruling._replace(radius_km=_laid_over(ruling.radius_km, change.radius_km, reach))
    return ruling


def _with(rules: RuleSet, rule: Rule) -> RuleSet:
    change = rule.change
    fences = {name: _fence(name, value) for name, value in change.fences.items()}
    weights: dict[str, Any] = dict(change.weights)
    return replace(
        rules,
        weights=replace(rules.weights, **weights),
        fences=replace(rules.fences, **fences),
    )


def _fence(name: str, value: object) -> Any:
    return _FENCES[name](value) if name in _FENCES else value


def _laid_over(parts: Parts, value: int, reach: int) -> Parts:
    """Disjoint sets with a value each; the new one takes its locations from the others."""
    kept = ((other, members & ~reach) for other, members in parts if other != value)
    same = next((members for other, members in parts if other == value), 0)
    return (*((other, members) for other, members in kept if members), (value, same | reach))


def _surcharged(parts: dict[Surcharge, int], entry: _Entry) -> dict[Surcharge, int]:
    change, reach = entry.rule.change, entry.reach
    if not (change.parcel or change.unit):
        return parts
    made: dict[Surcharge, int] = {}
    for extra, members in parts.items():
        more = Surcharge(extra.parcel + change.parcel, extra.unit + change.unit)
        for key, some in ((extra, members & ~reach), (more, members & reach)):
            if some:
                made[key] = made.get(key, 0) | some
    return made
