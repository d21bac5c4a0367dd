"""Locations too far away, or of unknown distance, for delivery on the same day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dom.model.order import Method
from dom.sourcing import bits

if TYPE_CHECKING:
    from dom.sourcing.scene import Scene


def blocked(scene: Scene) -> int:
    """The set of locations that are out."""
    if scene.demand.method is not Method.SAME_DAY:
        return 0
    couriers = scene.network.everywhere
    limit = scene.rules.fences.same_day_km * 1000
    metres = ((i, scene.view.metres(i)) for i in bits.members(couriers))
    return bits.of((i for i, m in metres if m is None or m > limit), scene.network.size)
