"""Locations too far away, or of unknown distance, for delivery on the same day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dom.model.order import Method

if TYPE_CHECKING:
    from dom.sourcing.scene import Scene


def blocked(scene: Scene) -> int:
    """The set of locations that are out."""
    if scene.demand.method is not Method.SAME_DAY:
        return 0
    return scene.network.everywhere & ~scene.view.within(scene.rules.fences.same_day_km * 1000)
