"""The place the customer chose: nobody re-routes a pickup without asking the customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dom.model.location import Capability
from dom.model.order import Method
from dom.sourcing.promise import COLLECTED

if TYPE_CHECKING:
    from dom.sourcing.scene import Scene


def blocked(scene: Scene) -> int:
    """The set of locations that are out; all for a pickup without a place.

    What is shipped to a store may come from anywhere, as long as customers can collect there.
    """
    demand, network = scene.demand, scene.network
    if demand.method is Method.SHIP_TO_STORE:
        collects = network.capable[Capability.PICKUP] & ~network.inactive
        return 0 if scene.way.store_bit & collects else network.everywhere
    if demand.fixed_location is None:
        return network.everywhere if demand.method in COLLECTED else 0
    return network.everywhere & ~network.bits([demand.fixed_location])
