"""Overlays of equal priority that set the same thing to different values at one time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from dom.model.versions import Finding
from dom.rulesets.lint.finding import Matter, Named, warning
from dom.rulesets.lint.scopes import (
    is_about_locations,
    replaces,
    time_touch,
    when_touch,
    where_touch,
)

MOST = 100


def check(matter: Matter) -> Iterator[Finding]:
    """One finding for each pair: which of them wins is a matter of their names."""
    overlays = [one for one in matter.named if one.overlay]
    found = 0
    for one, other in combinations(overlays, 2):
        both = _both(one, other)
        if both and found < MOST:
            found += 1
            text = (
                f"{one.rule.name} and {other.rule.name} have the same priority and both set "
                f"{', '.join(both)}: {other.rule.name} wins for its name alone"
            )
            yield warning("overlays_overlap", f"{other.path}.priority", text)


def _both(one: Named, other: Named) -> list[str]:
    if one.turn()[0] != other.turn()[0] or not (
        when_touch(one.rule.when, other.rule.when) and time_touch(one.overlay, other.overlay)
    ):
        return []
    first, second = replaces(one.rule.change), replaces(other.rule.change)
    near = where_touch(one.rule.where, other.rule.where)
    return [
        effect
        for effect in sorted(first.keys() & second.keys())
        if first[effect] != second[effect] and (near or not is_about_locations(effect))
    ]
