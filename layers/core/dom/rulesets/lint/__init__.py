"""What is probably not meant in a rule set: pure checks, run before it is activated.

A check is `check(matter)` in a file here, and a line below: the name is the code of its findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from dom.model.location import Location
from dom.model.rules import RuleSet
from dom.model.versions import Finding, Severity
from dom.rulesets.lint import (
    cheap_leftovers,
    dead_rules,
    dead_weights,
    dear_parcels,
    double_names,
    idle_waits,
    lost_passes,
    overlaps,
    overlay_times,
    regions,
    shadowed,
    unknown_groups,
    unknown_locations,
)
from dom.rulesets.lint.finding import Matter

CHECKS: Mapping[str, Callable[[Matter], Iterable[Finding]]] = {
    "dead_rules": dead_rules.check,
    "shadowed": shadowed.check,
    "overlaps": overlaps.check,
    "overlay_times": overlay_times.check,
    "unknown_groups": unknown_groups.check,
    "unknown_locations": unknown_locations.check,
    "regions": regions.check,
    "dead_weights": dead_weights.check,
    "cheap_leftovers": cheap_leftovers.check,
    "lost_passes": lost_passes.check,
    "dear_parcels": dear_parcels.check,
    "double_names": double_names.check,
    "idle_waits": idle_waits.check,
}


def lint(rules: RuleSet, locations: Iterable[Location], now: datetime) -> list[Finding]:
    """Everything that the checks find, errors first, then by place."""
    matter = Matter(rules, tuple(locations), now)
    found = [finding for check in CHECKS.values() for finding in check(matter)]
    return sorted(found, key=lambda one: (one.severity, one.path, one.code))


def errors_of(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stop an activation."""
    return [one for one in findings if one.severity is Severity.ERROR]
