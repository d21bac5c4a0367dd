"""Locations that take no new work: inactive, or closed right now."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dom.sourcing.scene import Scene


def blocked(scene: Scene) -> int:
    """The set of locations that are out."""
    return scene.network.inactive | scene.supply.closed_bits(scene.network)
