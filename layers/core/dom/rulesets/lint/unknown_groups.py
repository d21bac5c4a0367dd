"""Groups that no active location has."""

from __future__ import annotations

from collections.abc import Iterator

from dom.model.versions import Finding
from dom.rulesets.lint.finding import Matter, warning
from dom.rulesets.lint.names import names_of


def check(matter: Matter) -> Iterator[Finding]:
    """One finding for each group in each place."""
    known = {group for one in matter.locations if one.active for group in one.groups}
    for path, name in names_of(matter, "groups"):
        if name not in known:
            yield warning("unknown_group", path, f"no active location is in the group {name}")
