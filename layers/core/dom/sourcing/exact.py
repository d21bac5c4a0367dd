"""The exact search for one demand: the DP, and branching where it took too much of one location.

The DP may send two sets of pieces from one location although there is not enough for both, or
although one parcel with both costs more than two, or more effort than the location has left. Any
plan that works takes no more of a SKU there than there is: branch on which pieces may, all others
are barred. And of two pieces in two parcels, it sends one from elsewhere or both together. Best
bound first: the first plan that works is optimal.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import NamedTuple

from dom.sourcing.branches import children, contents_of
from dom.sourcing.cover import cheapest_cover
from dom.sourcing.pieces import Piece
from dom.sourcing.scene import Scene
from dom.sourcing.score import IMPOSSIBLE, impossible
from dom.sourcing.task import Bond, Limits, Task

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
        branches = children(scene, task, cover)
        if branches is None:
            return Found(contents_of(task.pieces, cover), bound + missing)
        for n, child in enumerate(branches):
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
