"""Waits for a merge where nothing is merged."""

from __future__ import annotations

from collections.abc import Iterator

from dom.model.versions import Finding
from dom.rulesets.lint.finding import Matter, warning

WAITS = ("merge_wait", "consolidate_wait")


def check(matter: Matter) -> Iterator[Finding]:
    """Waits that are set while `merge` is not."""
    merging = matter.rules.merging
    for name in WAITS:
        if getattr(merging, name) and not merging.merge:
            yield warning("wait_for_nothing", f"merging.{name}", "merging.merge is off")
