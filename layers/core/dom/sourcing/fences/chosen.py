"""The place the customer chose: nobody re-routes a pickup without asking the customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dom.sourcing.promise import COLLECTED

if TYPE_CHECKING:
    from dom.sourcing.scene import Scene


def blocked(scene: Scene) -> int:
    """The set of locations that are out; all for a pickup without a place."""
    demand, network = scene.demand, scene.network
    if demand.fixed_location is None:
        return network.everywhere if demand.method in COLLECTED else 0
    return network.everywhere & ~network.bits([demand.fixed_location])
