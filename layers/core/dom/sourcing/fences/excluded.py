"""Locations that the rules keep out, by name or by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dom.sourcing.scene import Scene


def blocked(scene: Scene) -> int:
    """The set of locations that are out."""
    named = scene.rules.fences.excluded
    return scene.ruling.excluded | (scene.network.bits(named) if named else 0)
