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
    Method.SHIP_TO_STORE: Capability.SHIP,
}


def blocked(scene: Scene) -> int:
    """The set of locations that are out; all for a method that no location does (digital).

    What the customer collects at the store that they chose need not be shipped from there.
    """
    needed = NEEDED.get(scene.demand.method)
    able = scene.network.capable[needed] if needed else 0
    return scene.network.everywhere & ~(able | scene.way.store_bit)
