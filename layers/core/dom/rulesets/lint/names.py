"""Where a rule set names things of the network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dom.rulesets.lint.finding import Matter


def names_of(matter: Matter, field: str) -> Iterator[tuple[str, Any]]:
    """(path, name) of each entry of the fields of that name: fences, `where`, changed fences."""
    places: list[tuple[str, Any]] = [("fences", getattr(matter.rules.fences, field, ()))]
    for one in matter.named:
        places.append((f"{one.path}.where", getattr(one.rule.where, field, ())))
        places.append((f"{one.path}.change.fences", one.rule.change.fences.get(field, ())))
    for path, names in places:
        for name in sorted(names):
            yield f"{path}.{field}", name
