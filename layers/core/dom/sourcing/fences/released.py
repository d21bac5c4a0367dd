"""Locations where the day from which the goods may leave has not begun yet."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from dom.sourcing.problem import DemandLine
    from dom.sourcing.scene import Scene


def blocked(scene: Scene, line: DemandLine) -> int:
    """The set of locations that are out for the line, each by the day of its own time zone."""
    day, early = line.releases_on, 0
    for one in scene.network.classes if day else ():
        if day and scene.now.astimezone(ZoneInfo(one.timezone)).date() < day:
            early |= one.members
    return early
