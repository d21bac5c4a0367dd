"""Moves that depend on each other: who must go first, and who must go together.

A move that needs what is not free waits for the moves that free it: each unit freed is promised to
one that waits, so that chains stay short. A cycle (two that swap) goes together or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from dom.sourcing.joint.sequence import Needs, in_order, parts_of


class Shift(NamedTuple):
    """What one move changes: by key (stock or slots at a place) the units it takes, or frees (< 0).

    Moves of one `owner` (an order) go together.
    """

    owner: Hashable
    changes: Mapping[Hashable, int]


def chains(
    shifts: Sequence[Shift], left: Mapping[Any, int]
) -> tuple[list[list[list[int]]], list[int]]:
    """Chains of steps of moves (by index), and the moves that nothing makes room for.

    Each step is possible after the steps before it in its chain, whatever other chains do. `left`:
    units free now; a key that is not there has enough.
    """
    alive = list(range(len(shifts)))
    while True:
        needs, short = _needs(shifts, alive, left)
        if not short:
            break
        # An owner's moves stand or fall together.
        owners = {shifts[i].owner for i in short}
        alive = [i for i in alive if shifts[i].owner not in owners]
    _bind_owners(shifts, needs)
    lost = [i for i in range(len(shifts)) if i not in needs]
    return [in_order(part, needs) for part in parts_of(needs)], lost


def _needs(
    shifts: Sequence[Shift], alive: Iterable[int], left: Mapping[Any, int]
) -> tuple[Needs, set[int]]:
    """By move, the moves that must come before it; and the moves that cannot be."""
    needs: Needs = {i: set() for i in alive}
    free = {key: max(0, n) for key, n in left.items()}
    givers: dict[Hashable, list[list[int]]] = defaultdict(list)
    for i in needs:
        for key, units in shifts[i].changes.items():
            if units < 0:
                givers[key].append([i, _given(units, key, left)])
    short = set()
    for i in needs:
        for key, units in shifts[i].changes.items():
            if (
                units > 0
                and key in free
                and not _promise(i, units, key, shifts, free, givers, needs)
            ):
                short.add(i)
    return needs, short


def _given(units: int, key: Hashable, left: Mapping[Any, int]) -> int:
    """What a move frees for others: nothing while the place owes more than it has."""
    return max(0, -units + min(0, left.get(key, 0)))


def _promise(
    i: int,
    units: int,
    key: Hashable,
    shifts: Sequence[Shift],
    free: dict[Hashable, int],
    givers: Mapping[Hashable, list[list[int]]],
    needs: Needs,
) -> bool:
    """Promise the units to move i, free ones first; False if there are not so many."""
    taken = min(units, free[key])
    free[key] -= taken
    units -= taken
    for giver in sorted(givers[key], key=lambda one: _distance(i, one[0], shifts, needs)):
        taken = min(units, giver[1])
        if taken:
            giver[1] -= taken
            units -= taken
            needs[i].add(giver[0])
    return units == 0


def _distance(i: int, j: int, shifts: Sequence[Shift], needs: Needs) -> tuple[int, int]:
    """Whom move i had better wait for: whoever it waits for already, who would swap with it, who
    needs nothing; others may close long cycles."""
    if j in needs[i] or i in needs[j]:
        return 0, j
    mine, theirs = shifts[i].changes, shifts[j].changes
    if any(units > 0 and mine.get(key, 0) < 0 for key, units in theirs.items()):
        return 1, j
    return (2 if all(units < 0 for units in theirs.values()) else 3), j


def _bind_owners(shifts: Sequence[Shift], needs: Needs) -> None:
    by_owner: dict[Hashable, list[int]] = defaultdict(list)
    for i in needs:
        by_owner[shifts[i].owner].append(i)
    for group in by_owner.values():
        for i in group:
            needs[i].update(j for j in group if j != i)
