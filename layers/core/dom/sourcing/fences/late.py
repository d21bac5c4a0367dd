"""Locations from which it would arrive later than the pass allows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from dom.sourcing.arrivals import is_abroad
from dom.sourcing.network import LocationClass

if TYPE_CHECKING:
    from dom.sourcing.scene import Scene


def blocked(scene: Scene) -> int:
    """The set of locations that are out; none without a promise, or where any day will do."""
    return 0 if scene.latest is None else arriving_after(scene, scene.latest)


def arriving_after(scene: Scene, latest: datetime) -> int:
    """Locations from which it would arrive after that instant."""
    out, store = 0, scene.way.store_bit
    for one in scene.network.classes:
        for members in (one.members & ~store, one.members & store):
            if members:
                out |= members & ~_in_time(scene, one, members, latest)
    return out


def _in_time(scene: Scene, one: LocationClass, members: int, latest: datetime) -> int:
    """Arrivals never come earlier from farther zones: up to one of them it is in time."""
    method = scene.way.by((members & -members).bit_length() - 1)
    way = scene.way._replace(method=method)
    arrivals = scene.book.arrivals(one, way)
    reached = sum(at <= latest for at in arrivals)
    edges = scene.rules.rate_card.edges_km
    if reached > len(edges):
        return members
    if not reached or is_abroad(one, way):  # parcels from abroad go by the farthest zone
        return 0
    return scene.view.within(edges[reached - 1] * 1000)
