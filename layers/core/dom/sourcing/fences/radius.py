"""Locations too far away, or of unknown distance, for delivery on the same day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dom.model.order import Method
from dom.sourcing import bits

if TYPE_CHECKING:
    from dom.sourcing.scene import Scene

FIRST_LOOK = 16


def blocked(scene: Scene) -> int:
    """The set of locations that are out."""
    if scene.demand.method is not Method.SAME_DAY:
        return 0
    return scene.network.everywhere & ~bits.of(_inside(scene), scene.network.size)


def _inside(scene: Scene) -> list[int]:
    """Locations within the radius: looked for from the nearest on, since few of many are."""
    limit, everywhere = scene.rules.fences.same_day_km * 1000, scene.network.everywhere
    count = FIRST_LOOK
    while True:
        near = scene.view.nearest_few(everywhere, count)
        metres = ((i, scene.view.metres(i)) for i in near)
        inside = [i for i, m in metres if m is not None and m <= limit]
        if len(inside) < count:
            return inside
        count *= FIRST_LOOK
