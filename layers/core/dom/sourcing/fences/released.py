"""Locations from which the goods may not leave yet: their release is not over there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dom.sourcing.opening import shut

if TYPE_CHECKING:
    from dom.sourcing.problem import DemandLine
    from dom.sourcing.scene import Scene


def blocked(scene: Scene, line: DemandLine) -> int:
    """The set of locations that are out for the line, each by the day of its own time zone, and all
    until the goods are not only sold ahead any more.
    """
    if line.releases_on is None:
        return 0
    units = scene.supply.available.get(line.sku, {})
    return shut(line.releases_on, units, scene.network, scene.now)
