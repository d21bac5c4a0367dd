"""Locations without the effort left today for a single unit of the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dom.sourcing.problem import DemandLine
    from dom.sourcing.scene import Scene


def blocked(scene: Scene, line: DemandLine) -> int:
    """The set of locations that are out for the line."""
    if scene.effort is None:
        return 0
    return scene.too_much([(scene.lines.index(line), 1)])
