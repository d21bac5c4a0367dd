"""Names that stand twice: decisions speak of rules and passes by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dom.model.versions import Finding
from dom.rulesets.lint.finding import Matter, warning


def check(matter: Matter) -> Iterator[Finding]:
    """One finding for each repeat."""
    rules = [(one.path, one.rule.name) for one in matter.named]
    passes = [(f"passes.{n}", one.name) for n, one in enumerate(matter.rules.passes)]
    for places in (sorted(rules), passes):
        seen: Counter[str] = Counter()
        for path, name in places:
            if seen[name]:
                yield warning("name_twice", f"{path}.name", f"another one is called {name}, too")
            seen[name] += 1
