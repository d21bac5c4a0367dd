"""The best of what rules engines aim at: exactly the fewest parcels, then the least distance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from dom.sourcing.joint.market import Market
from dom.sourcing.joint.single import as_plan, best_plan
from dom.sourcing.joint.tariff import Tariff
from dom.sourcing.joint.wish import Plan, Wish

from tools.routing_bench.world import World

# More than any distance in miles.
PARCEL = 10**6


@dataclass(frozen=True)
class _Nearest:
    """Groups of one location each, nearest first, and the tariff that prices their distance."""

    groups: tuple[int, ...]
    tariff: Tariff


def fewest_splits(world: World) -> Callable[[Wish, Market], Plan]:
    """The policy for one world."""

    def policy(wish: Wish, market: Market) -> Plan:
        near = _nearest(world, wish)
        lost = tuple(piece._replace(lost=100 * PARCEL) for piece in wish.pieces)
        asked = replace(wish, pieces=lost, groups=near.groups, tariff=near.tariff, _loads={})
        lost_of = {piece.line: piece.lost for piece in wish.pieces}
        parcels = (
            p._replace(pieces=tuple(x._replace(lost=lost_of[x.line]) for x in p.pieces))
            for p in best_plan(asked, market).parcels
        )
        return as_plan(wish, tuple(parcels))

    return policy


def _nearest(world: World, wish: Wish) -> _Nearest:
    distance = world.instance.dist[wish.number]
    order = [int(i) for i in distance.argsort(kind="stable")]
    miles = [PARCEL + int(np.rint(distance[i])) for i in order]
    none = [0] * len(order)
    tariff = Tariff(wish.tariff.breaks, [none] * len(wish.tariff.breaks), none, none, miles)
    return _Nearest(tuple(1 << i for i in order), tariff)
