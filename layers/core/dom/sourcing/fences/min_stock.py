"""Locations with so few units of the SKU that they keep them for their own customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dom.sourcing.problem import DemandLine
    from dom.sourcing.scene import Scene


def blocked(scene: Scene, line: DemandLine) -> int:
    """The set of locations that are out for the line."""
    least = scene.rules.fences.min_routing_stock
    if least <= 1:
        return 0
    network = scene.network
    return network.everywhere & ~scene.supply.at_least(network, line.sku, least)
