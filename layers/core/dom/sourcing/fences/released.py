"""Locations where the day from which the goods may leave has not begun yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dom.sourcing.opening import waiting

if TYPE_CHECKING:
    from dom.sourcing.problem import DemandLine
    from dom.sourcing.scene import Scene


def blocked(scene: Scene, line: DemandLine) -> int:
    """The set of locations that are out for the line, each by the day of its own time zone."""
    return waiting(line.releases_on, scene.network, scene.now) if line.releases_on else 0
