"""997 as we send it: of each group, which of its sets can be read, and where they cannot."""

from __future__ import annotations

from collections.abc import Iterator

from dom.x12.read import Group, TransactionSet

Body = list[tuple[str, ...]]
# Of sets (AK5): taken, though something is odd of it, or not; of groups (AK9): some of it not.
_TAKEN, _ODD, _REFUSED, _PARTLY = "A", "E", "R", "P"
# Codes: the segment is wrong (AK3), an element is (AK4, AK5), the count is (AK5).
_SEGMENT_WRONG, _ELEMENT_WRONG, _SET_WRONG, _COUNT_WRONG = "8", "7", "5", "4"


def reply_to(group: Group, problems: dict[str, tuple[int, str, int]]) -> Body:
    """The body of the acknowledgment. `problems` by control number of a set: where in it (from 1),
    in which segment and element it cannot be understood.
    """
    said: Body = [("AK1", group.code, group.control)]
    refused = 0
    for one in group.sets:
        refused += one.control in problems
        said += _of(one, problems.get(one.control))
    verdict = _TAKEN if not refused else _REFUSED if refused == len(group.sets) else _PARTLY
    odd = any(one.warnings for one in group.sets)
    counts = (str(len(group.sets)), str(len(group.sets)), str(len(group.sets) - refused))
    return [*said, ("AK9", _ODD if verdict == _TAKEN and odd else verdict, *counts)]


def _of(one: TransactionSet, problem: tuple[int, str, int] | None) -> Iterator[tuple[str, ...]]:
    yield "AK2", one.kind, one.control
    if problem is not None:
        at, segment, element = problem
        yield "AK3", segment, str(at), "", _SEGMENT_WRONG
        if element:
            yield "AK4", str(element), "", _ELEMENT_WRONG
        yield "AK5", _REFUSED, _SET_WRONG
    elif one.warnings:
        yield "AK5", _ODD, _COUNT_WRONG
    else:
        yield "AK5", _TAKEN
