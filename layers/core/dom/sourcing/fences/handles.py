"""Locations that cannot handle what the goods need: hazardous, cold, for adults only ..."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dom.sourcing.problem import DemandLine
    from dom.sourcing.scene import Scene


def blocked(scene: Scene, line: DemandLine) -> int:
    """The set of locations that are out for the line."""
    if not line.needs:
        return 0
    able = scene.network.everywhere
    for need in line.needs:
        able &= scene.network.handling(need)
    return scene.network.everywhere & ~able
