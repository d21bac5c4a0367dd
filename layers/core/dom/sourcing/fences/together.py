"""Locations that have not all of the goods that must travel in one parcel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dom.model.ids import Sku

if TYPE_CHECKING:
    from dom.sourcing.problem import DemandLine
    from dom.sourcing.scene import Scene


def blocked(scene: Scene, line: DemandLine) -> int:
    """The set of locations that are out for the line."""
    if not line.keep_together:
        return 0
    able, units = scene.network.everywhere, dict[Sku, int]()
    for other in scene.lines:
        if other.keep_together == line.keep_together:
            units[other.sku] = units.get(other.sku, 0) + other.quantity
            able &= ~(scene.out_for(other, before=blocked) if other is not line else 0)
    for sku, quantity in units.items():
        able &= scene.supply.at_least(scene.network, sku, quantity)
    return scene.network.everywhere & ~able
