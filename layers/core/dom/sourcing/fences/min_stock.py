"""Locations with so few units of the SKU that they keep them for their own customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dom.sourcing.problem import DemandLine
    from dom.sourcing.scene import Scene


def blocked(scene: Scene, line: DemandLine) -> int:
    """The set of locations that are out for the line."""
    if not scene.ruling.min_stock and scene.rules.fences.min_routing_stock <= 1:
        return 0
    network, supply = scene.network, scene.supply
    out, rest = 0, network.everywhere
    for least, members in scene.ruling.min_stock:
        out |= members & ~supply.at_least(network, line.sku, max(1, least)) if least > 1 else 0
        rest &= ~members
    least = scene.rules.fences.min_routing_stock
    return out | (rest & ~supply.at_least(network, line.sku, least) if least > 1 else 0)
