"""Locations from which it would arrive later than the customer was told of the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dom.sourcing.fences.late import arriving_after

if TYPE_CHECKING:
    from dom.sourcing.problem import DemandLine
    from dom.sourcing.scene import Scene


def blocked(scene: Scene, line: DemandLine) -> int:
    """The set of locations that are out for the line; none if nothing was promised of it."""
    return arriving_after(scene, line.promised_by) if line.promised_by else 0
