"""Loops of a set: segments from one that opens a loop to the next."""

from __future__ import annotations

from collections.abc import Iterable

from dom.x12.segments import Segment

Loop = list[Segment]


def loops(segments: Iterable[Segment], opens: str) -> tuple[Loop, list[Loop]]:
    """What stands before the first loop, and each loop."""
    head: Loop = []
    found: list[Loop] = []
    for segment in segments:
        if segment.id == opens:
            found.append([])
        (found[-1] if found else head).append(segment)
    return head, found


def first(segments: Iterable[Segment], name: str, qualifier: str = "") -> Segment | None:
    """The first segment of that id (with that qualifier in its first element), or None."""
    return next(
        (x for x in segments if x.id == name and qualifier in {"", x.get(1)}),
        None,
    )
