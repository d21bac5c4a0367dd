"""Locations that do not exist."""

from __future__ import annotations

from collections.abc import Iterator

from dom.model.versions import Finding
from dom.rulesets.lint.finding import Matter, warning
from dom.rulesets.lint.names import names_of


def check(matter: Matter) -> Iterator[Finding]:
    """One finding for each name in each place."""
    known = {one.location_id for one in matter.locations}
    for field in ("locations", "excluded"):
        for path, name in names_of(matter, field):
            if name not in known:
                yield warning("unknown_location", path, f"there is no location {name}")
