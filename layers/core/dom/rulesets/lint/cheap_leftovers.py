"""A unit left over that costs less than a parcel: routing would rather send nothing."""

from __future__ import annotations

from collections.abc import Iterator

from dom.model.versions import Finding
from dom.rulesets.lint.finding import Matter, error
from dom.rulesets.lint.money import dearest_parcel


def check(matter: Matter) -> Iterator[Finding]:
    """The weights as they stand, and as each rule alone changes them."""
    weights, dearest = matter.rules.weights, dearest_parcel(matter.rules)
    cases: list[tuple[str, dict[str, int]]] = [("weights", {})]
    cases += [(f"{one.path}.change.weights", dict(one.rule.change.weights)) for one in matter.named]
    for path, changed in cases:
        if path != "weights" and not {"unallocated", "parcel"} & changed.keys():
            continue
        unallocated = changed.get("unallocated", weights.unallocated)
        parcel = changed.get("parcel", weights.parcel)
        if unallocated < parcel + dearest:
            text = (
                f"leaving a unit over costs {unallocated}, a parcel up to {parcel + dearest}: "
                "what is dear to send would never be sent"
            )
            yield error("leftover_too_cheap", f"{path}.unallocated", text)
