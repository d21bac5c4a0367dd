"""Rules applied the slow way, location by location: written apart from the solvers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dom.model.location import Location
from dom.model.overlay import AT_LOCATION, Overlay, Rule
from dom.model.rules import Fences, RuleSet, Weights
from dom.model.scope import When, Where
from dom.sourcing.problem import Demand


@dataclass
class Here:
    """What rules say of one location."""

    out: bool = False
    parcel: int = 0
    unit: int = 0
    min_stock: int | None = None
    radius_km: int | None = None


def effective(rules: RuleSet, demand: Demand, now: datetime) -> tuple[Weights, Fences]:
    """Weights and fences for the demand."""
    weights, fences = rules.weights, rules.fences
    for rule, overlay in _in_turn(rules):
        at_places = overlay is not None and overlay.timezone == AT_LOCATION
        if at_places or not _asked(rule.when, demand):
            continue
        if overlay is None or _now(overlay, now, "UTC"):
            changed: dict[str, Any] = dict(rule.change.weights)
            weights = replace(weights, **changed)
            fenced: Any = rule.change.fences
            fences = replace(fences, **fenced)
    return weights, fences


def at(rules: RuleSet, demand: Demand, now: datetime, place: Location) -> Here:
    """What holds at that location."""
    here = Here()
    for rule, overlay in _in_turn(rules):
        if not _asked(rule.when, demand) or not _meant(rule.where, place):
            continue
        if overlay is not None and not _now(overlay, now, place.timezone):
            continue
        change = rule.change
        here.out = here.out or change.exclude
        here.parcel += change.parcel
        here.unit += change.unit
        if change.min_routing_stock is not None:
            here.min_stock = change.min_routing_stock
        if change.radius_km is not None:
            here.radius_km = change.radius_km
    return here


def _in_turn(rules: RuleSet) -> Iterator[tuple[Rule, Overlay | None]]:
    yield from ((rule, None) for rule in rules.rules)
    overlays = sorted(rules.overlays, key=lambda o: o.rule.name)
    for overlay in sorted(overlays, key=lambda o: o.priority):
        yield overlay.rule, overlay


def _now(overlay: Overlay, now: datetime, local: str) -> bool:
    """Compared in UTC: wall clocks of one zone, subtracted, know nothing of summer time."""
    zone = ZoneInfo(local if overlay.timezone == AT_LOCATION else overlay.timezone)
    starts = overlay.starts.replace(tzinfo=zone).astimezone(UTC)
    ends = overlay.ends.replace(tzinfo=zone).astimezone(UTC)
    return starts <= now < ends


def _asked(when: When, demand: Demand) -> bool:
    categories = {line.category for line in demand.lines if line.category}
    checks = [
        not when.channels or demand.channel in when.channels,
        not when.methods or demand.method in when.methods,
        not when.countries or demand.destination.country_code.upper() in when.countries,
        not when.tiers or demand.tier in when.tiers,
        not when.categories or not categories.isdisjoint(when.categories),
        demand.value_minor >= when.least_value,
        when.below_value is None or demand.value_minor < when.below_value,
    ]
    return all(checks)


def _meant(where: Where, place: Location) -> bool:
    checks = [
        not where.locations or place.location_id in where.locations,
        not where.groups or not place.groups.isdisjoint(where.groups),
        not where.types or place.type in where.types,
        not where.countries or place.country_code in where.countries,
    ]
    return all(checks)
