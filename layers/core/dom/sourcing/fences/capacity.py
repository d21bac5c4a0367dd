"""Locations whose FulfillmentOrders of the day are used up. Capacity N admits exactly N."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dom.sourcing.scene import Scene


def blocked(scene: Scene) -> int:
    """The set of locations that are out."""
    return scene.supply.full_bits(scene.network)
