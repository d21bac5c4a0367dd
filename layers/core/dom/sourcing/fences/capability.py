"""Locations that cannot do the demand's delivery method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dom.model.location import Capability
from dom.model.order import Method

if TYPE_CHECKING:
    from dom.sourcing.scene import Scene

NEEDED: Mapping[Method, Capability] = {
    Method.SHIP: Capability.SHIP,
    Method.PICKUP: Capability.PICKUP,
    Method.CURBSIDE: Capability.CURBSIDE,
    Method.SAME_DAY: Capability.SAME_DAY,
}


def blocked(scene: Scene) -> int:
    """The set of locations that are out; all for a method that no location does (digital)."""
    needed = NEEDED.get(scene.demand.method)
    return scene.network.everywhere & ~(scene.network.capable[needed] if needed else 0)
