"""Locations too far away, or of unknown distance, to ship a parcel: by the rules of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dom.model.order import Method

if TYPE_CHECKING:
    from dom.sourcing.scene import Scene


def blocked(scene: Scene) -> int:
    """The set of locations that are out; what lies at the store already is not shipped."""
    if scene.demand.method not in (Method.SHIP, Method.SHIP_TO_STORE):
        return 0
    out, rest = 0, scene.network.everywhere
    for limit, members in scene.ruling.radius_km:
        out |= members & ~scene.view.within(limit * 1000)
        rest &= ~members
    limit_of_all = scene.rules.fences.radius_km
    if limit_of_all is not None:
        out |= rest & ~scene.view.within(limit_of_all * 1000)
    return out & ~scene.way.store_bit
