"""The exact search for one demand: the DP, and branching where it took too much of one location.

The DP may send two sets of pieces from one location although there is not enough for both, or
although one parcel with both costs more than two. Any plan that works takes no more of a SKU there
than there is: branch on which pieces may, all others are barred. And of two pieces in two parcels,
it sends one from elsewhere or both together. Best bound first: the first plan that works is
optimal.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import product
from typing import NamedTuple

from dom.model.ids import Sku
from dom.sourcing.cover import Bond, Cover, Limits, Part, Task, cheapest_cover
from dom.sourcing.pieces import Piece
from dom.sourcing.scene import Scene
from dom.sourcing.score import IMPOSSIBLE, impossible

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
    task = _task(scene, pieces, limits)
    missing = scene.loss(task.missing)
    if missing and not limits.may_lose:
        return Found(None, IMPOSSIBLE)
    nodes = max(4, BUDGET // 3 ** len(pieces))
    cover = cheapest_cover(scene, task)
    heap = [(cover.score, 0, task, cover)]
    for serial in range(1, nodes):
        bound, _, task, cover = heappop(heap)
        if impossible(bound):
            return Found(None, IMPOSSIBLE)
        children = _children(scene, task, cover)
        if children is None:
            return Found(_contents(task.pieces, cover), bound + missing)
        for n, child in enumerate(children):
            relaxed = cheapest_cover(scene, child)
            heappush(heap, (max(bound, relaxed.score), serial << 32 | n, child, relaxed))
    return Found(None, bound + missing)


def _task(scene: Scene, pieces: list[Piece], limits: Limits) -> Task:
    wanted = sum(line.quantity for line in scene.lines)
    worth = sum(line.quantity * line.value_minor for line in scene.lines)
    together: dict[str, int] = {}
    for j, piece in enumerate(pieces):
        name = scene.lines[piece.line].keep_together
        if name:
            together[name] = together.get(name, 0) | 1 << j
    return Task(
        pieces,
        limits,
        tuple(Bond(mask, scene.network.everywhere) for mask in together.values()),
        wanted - sum(piece.quantity for piece in pieces),
        worth - sum(piece.value for piece in pieces),
    )


def _children(scene: Scene, task: Task, cover: Cover) -> list[Task] | None:
    """What to try instead of a cover that does not work; None if it does."""
    places = [part.place for part in cover.parts]
    if len(set(places)) == len(places):
        return None
    clash = _clash(scene, task.pieces, cover)
    if clash:
        return [task._replace(pieces=pieces) for pieces in _branches(task.pieces, *clash)]
    torn = _torn(scene, task.pieces, cover)
    return list(_mended(task, *torn)) if torn else None


def _torn(scene: Scene, pieces: list[Piece], cover: Cover) -> tuple[Part, Part] | None:
    """Two parcels of one location that would cost more as the one parcel that they are."""
    by_place: dict[int, list[Part]] = {}
    for part in cover.parts:
        by_place.setdefault(part.place, []).append(part)
    for place, parts in sorted(by_place.items()):
        if len(parts) > 1:
            together = _contents(pieces, Cover(0, tuple(parts)))[place]
            if scene.contents_score(place, together) > sum(part.score for part in parts):
                return parts[0], parts[1]
    return None


def _mended(task: Task, one: Part, other: Part) -> Iterator[Task]:
    """A piece of either comes from elsewhere, or the two travel together if from there."""
    place, pair = one.place, (one.pieces & -one.pieces) | (other.pieces & -other.pieces)
    for j in range(len(task.pieces)):
        if pair >> j & 1:
            pieces = [_barred(p, place) if i == j else p for i, p in enumerate(task.pieces)]
            yield task._replace(pieces=pieces)
    yield task._replace(bonds=(*task.bonds, Bond(pair, 1 << place)))


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
