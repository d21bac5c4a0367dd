"""Things that need each other, in an order in which each comes after what it needs."""

from __future__ import annotations

from collections.abc import Sequence

Needs = dict[int, set[int]]


def parts_of(needs: Needs) -> list[list[int]]:
    """Moves that have to do with each other, however far apart."""
    near: Needs = {i: set(those) for i, those in needs.items()}
    for i, those in needs.items():
        for j in those:
            near[j].add(i)
    parts, seen = [], set[int]()
    for i in needs:
        if i not in seen:
            part = _reach(i, near)
            seen |= part
            parts.append(sorted(part))
    return parts


def _reach(start: int, edges: Needs) -> set[int]:
    found, todo = {start}, [start]
    while todo:
        fresh = edges[todo.pop()] - found
        found |= fresh
        todo += fresh
    return found


def in_order(part: Sequence[int], needs: Needs) -> list[list[int]]:
    """Steps, each after what it needs. The move that needs the fewest others is next, with them."""
    steps: list[list[int]] = []
    rest = set(part)
    while rest:
        open_ = {i: needs[i] & rest for i in sorted(rest)}
        ready = next((i for i, those in open_.items() if not those), None)
        step = {ready} if ready is not None else min((_reach(i, open_) for i in open_), key=_size)
        steps.append(sorted(step))
        rest -= step
    return steps


def _size(step: set[int]) -> tuple[int, int]:
    return len(step), min(step)
