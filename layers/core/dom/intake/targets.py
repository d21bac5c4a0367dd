"""From the remembered state to what each line should come to.

A snapshot's quantities already contain the deltas that happened before it. Which those are is told
by its list (refunds), else by time; where the one-second clock cannot tell, by the quantities.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dom.intake.source import Source, Told
from dom.model.facts import Handover


@dataclass(frozen=True, slots=True)
class Target:
    """Units ordered in all, to be cancelled, and handed over by the channel itself."""

    quantity: int
    cancel: int
    handed_over: int


def target(source: Source, line_id: str) -> Target:
    """What the line should come to, as far as is known."""
    quantity = source.quantity.get(line_id, 0) + _added(source, line_id)
    return Target(quantity, _cancel(source, line_id, quantity), _handed_over(source, line_id))


def unknown_lines(source: Source) -> list[str]:
    """Lines that an edit names and no snapshot has shown yet, sorted."""
    named = {line for edit in source.edits.values() for line in (*edit.added, *edit.removed)}
    return sorted(named - set(source.quantity))


def _added(source: Source, line_id: str) -> int:
    """Units of edits later than the snapshot.

    An edit of the snapshot's own second counts as contained: if it is not, the snapshot that every
    edit causes will show it, and a unit too late is better than one too many.
    """
    later = (edit for edit in source.edits.values() if edit.at > source.updated_at)
    return sum(edit.added.get(line_id, 0) for edit in later)


def _cancel(source: Source, line_id: str, quantity: int) -> int:
    """Units that shall not be shipped: removed ones without those that came back after shipping."""
    if source.cancelled_at:
        return quantity
    returned = sum(refund.returned.get(line_id, 0) for refund in source.refunds.values())
    return min(quantity, max(0, _removed(source, line_id) - returned))


def _removed(source: Source, line_id: str) -> int:
    shown = _shown(source, line_id)
    contained, unclear, later = 0, 0, 0
    for told, units in _removals(source, line_id):
        if told.listed or told.at < source.updated_at:
            contained += units
        elif told.at == source.updated_at:
            unclear += units
        else:
            later += units
    unexplained = max(0, shown - contained)
    told_in_all = contained + unclear + later
    return max(shown + max(0, unclear - unexplained) + later, told_in_all)


def _shown(source: Source, line_id: str) -> int:
    """Units that snapshots show as removed. Where quantities shrink, what is gone from them is."""
    shown, most = source.removed.get(line_id, 0), source.quantity.get(line_id, 0)
    return max(shown, most - source.wanted.get(line_id, most))


def _removals(source: Source, line_id: str) -> Iterator[tuple[Told, int]]:
    for told in (*source.refunds.values(), *source.edits.values()):
        yield told, told.removed.get(line_id, 0) + told.returned.get(line_id, 0)


def _handed_over(source: Source, line_id: str) -> int:
    done = Handover.DONE.rank
    return sum(units.get(line_id, 0) for rank, units in source.handovers.values() if rank == done)
