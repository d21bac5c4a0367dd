"""Suppliers: as any location, only for what no location of one's own can send, or never."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dom.model.location import LocationType
from dom.model.rules import Dropship
from dom.sourcing import bits

if TYPE_CHECKING:
    from dom.sourcing.problem import DemandLine
    from dom.sourcing.scene import Scene


def blocked(scene: Scene, line: DemandLine) -> int:
    """The set of locations that are out for the line."""
    rule = scene.rules.fences.dropship
    if rule is Dropship.ALWAYS:
        return 0
    suppliers = scene.network.of_type(LocationType.SUPPLIER)
    if suppliers and rule is Dropship.LAST and not _own_can(scene, line, suppliers):
        return 0
    return suppliers


def _own_can(scene: Scene, line: DemandLine, suppliers: int) -> bool:
    """Whether one's own locations hold all units of the SKU that the demand asks for."""
    wanted = sum(one.quantity for one in scene.lines if one.sku == line.sku)
    able = scene.allowed & ~suppliers & ~scene.out_for(line, before=blocked)
    for place in bits.members(able & scene.supply.at_least(scene.network, line.sku, 1)):
        wanted -= scene.supply.units(line.sku, scene.network.locations[place].location_id)
        if wanted <= 0:
            return True
    return False
