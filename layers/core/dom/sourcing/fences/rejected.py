"""Locations that rejected the line, or let it expire: it never goes there again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dom.sourcing.problem import DemandLine
    from dom.sourcing.scene import Scene


def blocked(scene: Scene, line: DemandLine) -> int:
    """The set of locations that are out for the line."""
    return scene.network.bits(line.excluded) if line.excluded else 0
