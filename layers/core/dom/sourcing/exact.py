"""The exact search for one demand: the DP, and branching where lines share a SKU.

The DP may send two sets of pieces from one location although there is not enough for both. Any plan
that works takes no more of that SKU there than there is: branch on which pieces may, all others are
barred, best bound first. The first plan that works is optimal.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import product
from typing import NamedTuple

from dom.model.ids import Sku
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
        for n, child in enumerate(_branches(pieces, *clash)):
            relaxed = cheapest_cover(scene, child, limits)
            heappush(heap, (max(bound, relaxed.score), serial << 32 | n, child, relaxed))
    return Found(None, bound + missing)


def _clash(scene: Scene, pieces: list[Piece], cover: Cover) -> tuple[int, Sku, int] | None:
    """A location, a SKU of which it is to send too much, and what it has; None if all is well."""
    asked: dict[tuple[int, Sku], list[Piece]] = {}
    for part in cover.parts:
        for j, piece in enumerate(pieces):
            if part.pieces >> j & 1:
                asked.setdefault((part.place, piece.sku), []).append(piece)
    for (place, sku), group in sorted(asked.items()):
        there = scene.units_at(group[0].line, place)
        if len(group) > 1 and sum(piece.quantity for piece in group) > there:
            return place, sku, there
    return None


def _branches(pieces: list[Piece], place: int, sku: Sku, there: int) -> Iterator[list[Piece]]:
    """Every largest choice of pieces of the SKU that may come from the place; of pieces that are
    equal, whatever their line, only the number matters."""
    equal: dict[Piece, list[int]] = {}
    for j, piece in enumerate(pieces):
        if piece.sku == sku and piece.allowed >> place & 1:
            equal.setdefault(piece._replace(line=0), []).append(j)
    for counts in product(*(range(len(members) + 1) for members in equal.values())):
        left = there - sum(n * piece.quantity for n, piece in zip(counts, equal, strict=True))
        spare = [
            p.quantity for n, (p, js) in zip(counts, equal.items(), strict=True) if n < len(js)
        ]
        if left >= 0 and all(quantity > left for quantity in spare):
            barred = {j for n, js in zip(counts, equal.values(), strict=True) for j in js[n:]}
            yield [_barred(p, place) if j in barred else p for j, p in enumerate(pieces)]


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
