"""Overlays of equal priority that set the same thing to different values at one time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice, starmap

from dom.model.versions import Finding
from dom.rulesets.lint.finding import Matter, Named, warning
from dom.rulesets.lint.scopes import (
    is_about_locations,
    time_touch,
    when_touch,
    where_touch,
)

# In a document of thousands the first ones are enough to see what is wrong.
MOST = 100


def check(matter: Matter) -> Iterator[Finding]:
    """One finding for each pair: which of them wins is a matter of their names."""
    overlays = [one for one in matter.named if one.overlay]
    yield from islice(filter(None, starmap(_pair, combinations(overlays, 2))), MOST)


def _pair(one: Named, other: Named) -> Finding | None:
    both = [name for name in one.effects if name in other.effects]
    if not both or one.turn()[0] != other.turn()[0]:
        return None
    near = where_touch(one.rule.where, other.rule.where)
    differ = [
        name
        for name in both
        if one.effects[name] != other.effects[name] and (near or not is_about_locations(name))
    ]
    meet = when_touch(one.rule.when, other.rule.when) and time_touch(one.overlay, other.overlay)
    if not differ or not meet:
        return None
    text = (
        f"{one.rule.name} and {other.rule.name} have the same priority and both set "
        f"{', '.join(sorted(differ))}: {other.rule.name} wins for its name alone"
    )
    return warning("overlays_overlap", f"{other.path}.priority", text)
