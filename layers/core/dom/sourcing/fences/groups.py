"""Locations outside the groups that the rules name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dom.model.scope import Where

if TYPE_CHECKING:
    from dom.sourcing.scene import Scene


def blocked(scene: Scene) -> int:
    """The set of locations that are out; none while no group is named."""
    named = scene.rules.fences.groups
    if not named:
        return 0
    return scene.network.everywhere & ~scene.network.where(Where(groups=named))
