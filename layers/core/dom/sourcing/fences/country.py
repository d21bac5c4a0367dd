"""Locations from whose country the destination's country is not served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dom.sourcing.promise import COLLECTED

if TYPE_CHECKING:
    from dom.sourcing.scene import Scene


def blocked(scene: Scene) -> int:
    """The set of locations that are out; none for a customer who comes to collect."""
    to, out = scene.way.country, 0
    if not to or scene.demand.method in COLLECTED:
        return 0
    for origin, reached in scene.rules.fences.ships_to.items():
        if to not in reached and to != origin:
            out |= scene.network.by_country.get(origin, 0)
    return out
