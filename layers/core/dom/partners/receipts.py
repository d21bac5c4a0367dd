"""997, functional acknowledgment: which of the sets that we sent the partner's system can read."""

from __future__ import annotations

from collections.abc import Sequence

from dom.model.partner import Partner
from dom.partners.commands import Command, Receipt
from dom.partners.loops import first, loops
from dom.x12.segments import Segment

# What became of a set (AK5, AK9): accepted, with errors noted. Anything else is a refusal.
_TAKEN = frozenset({"A", "E", "P"})


def receipts(header: Segment, body: Sequence[Segment], partner: Partner) -> tuple[Command, ...]:
    """What the set says of ours. X12Error names what cannot be understood."""
    _, found = loops(body, "AK2")
    begin, end = first(body, "AK1"), first(body, "AK9")
    if begin is None or end is None:
        raise header.wrong(0, "the set needs both AK1 and AK9")
    control = begin.needed(2)
    told = [_of_set(loop[0].needed(2), loop) for loop in found]
    if not told:
        # Of the group as a whole, which holds one set of the same number.
        told = [_judged(control, end, 1, list(body))]
    return tuple(told)


def _of_set(control: str, loop: Sequence[Segment]) -> Receipt:
    verdict = first(loop, "AK5")
    if verdict is None:
        raise loop[0].wrong(0, "nothing says what became of it (no AK5)")
    return _judged(control, verdict, 1, loop)


def _judged(control: str, verdict: Segment, number: int, segments: Sequence[Segment]) -> Receipt:
    if verdict.needed(number) in _TAKEN:
        return Receipt(control)
    notes = [
        "*".join((one.id, *one.elements)) for one in segments if one.id in {"AK3", "AK4", "AK5"}
    ]
    return Receipt(control, ", ".join(notes or [f"AK9*{verdict.get(1)}"])[:300])
