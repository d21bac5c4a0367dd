"""The exact search for one demand: the DP, and branching where lines share a SKU.

The DP may send two sets of pieces from one location although there is not enough for both. Then at
least one of the pieces in conflict comes from elsewhere in any plan that works: branch on which,
best bound first. The first plan that works is optimal.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import NamedTuple

from dom.sourcing.cover import Cover, Limits, cheapest_cover
from dom.sourcing.pieces import Piece
from dom.sourcing.scene import Scene
from dom.sourcing.score import IMPOSSIBLE

# DP steps before giving up: a count, not a clock, so that the same input gives the same plan.
BUDGET = 600_000


class Found(NamedTuple):
    """Units by line number by location number, and a lower bound of every plan's score.

    `contents` None: the budget ran out, only the bound stands.
    """

    contents: dict[int, dict[int, int]] | None
    bound: int


def search(scene: Scene, pieces: list[Piece], limits: Limits) -> Found:
    """The best way to send the pieces; a bound of IMPOSSIBLE or more if there is none."""
    wanted = sum(line.quantity for line in scene.lines)
    missing = scene.loss(wanted - sum(piece.quantity for piece in pieces))
    if missing and not limits.may_lose:
        return Found(None, IMPOSSIBLE)
    nodes = max(4, BUDGET // 3 ** len(pieces))
    cover = cheapest_cover(scene, pieces, limits)
    heap = [(cover.score, 0, pieces, cover)]
    for serial in range(1, nodes):
        bound, _, pieces, cover = heappop(heap)
        if bound >= IMPOSSIBLE:
            break
        clash = _clash(scene, pieces, cover)
        if not clash:
            return Found(_contents(pieces, cover), bound + missing)
        for j, place in _branches(pieces, clash):
            child = [*pieces[:j], _barred(pieces[j], place), *pieces[j + 1 :]]
            relaxed = cheapest_cover(scene, child, limits)
            heappush(heap, (max(bound, relaxed.score), serial * 64 + j, child, relaxed))
    return Found(None, bound + missing)


def _clash(scene: Scene, pieces: list[Piece], cover: Cover) -> tuple[int, list[int]] | None:
    """A location and the pieces of one SKU that it cannot send all; None if all is well."""
    asked: dict[tuple[int, str], list[int]] = {}
    for part in cover.parts:
        for j, piece in enumerate(pieces):
            if part.pieces >> j & 1:
                asked.setdefault((part.place, piece.sku), []).append(j)
    for (place, _), group in sorted(asked.items()):
        units = sum(pieces[j].quantity for j in group)
        if len(group) > 1 and units > scene.units_at(pieces[group[0]].line, place):
            return place, group
    return None


def _branches(pieces: list[Piece], clash: tuple[int, list[int]]) -> list[tuple[int, int]]:
    """One of the clashing pieces goes elsewhere; of equal pieces, whatever line, the last one."""
    place, group = clash
    last = {pieces[j]._replace(line=0): j for j in group}
    return [(j, place) for j in last.values()]


def _barred(piece: Piece, place: int) -> Piece:
    return piece._replace(allowed=piece.allowed & ~(1 << place))


def _contents(pieces: list[Piece], cover: Cover) -> dict[int, dict[int, int]]:
    contents: dict[int, dict[int, int]] = {}
    for part in cover.parts:
        parcel = contents.setdefault(part.place, {})
        for j, piece in enumerate(pieces):
            if part.pieces >> j & 1:
                parcel[piece.line] = parcel.get(piece.line, 0) + piece.quantity
    return contents
