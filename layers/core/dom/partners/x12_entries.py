"""A partner's X12 file as entries: each set by itself, known by its control numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from dom.model.ids import digest
from dom.model.partner import Partner
from dom.partners.commands import Command, Entry
from dom.partners.inventory_advice import inventory_advice
from dom.partners.receipts import receipts
from dom.partners.ship_advice import ship_advice
from dom.partners.ship_notice import ship_notice
from dom.x12.read import Group, Interchange, TransactionSet
from dom.x12.segments import Segment, X12Error

Reader = Callable[[Segment, Sequence[Segment], Partner], tuple[Command, ...]]
# Which reader is for which set: a new one is a file and a line here.
READERS: Mapping[str, Reader] = {
    "846": inventory_advice,
    "856": ship_notice,
    "945": ship_advice,
    "997": receipts,
}


def entries_of(found: Sequence[Interchange], partner: Partner) -> Iterator[Entry]:
    """The entries of a file, in its order."""
    number = 0
    for interchange in found:
        for group in interchange.groups:
            for one in group.sets:
                number += 1
                yield _entry(number, interchange, group, one, partner)


def _entry(
    number: int, interchange: Interchange, group: Group, one: TransactionSet, partner: Partner
) -> Entry:
    names = (interchange.sender, interchange.control, group.control, one.control)
    name = f"{one.kind[:10]} {one.control[:20]} of {interchange.control[:20]}"
    content = digest(*("*".join((x.id, *x.elements)) for x in one.segments))
    warnings = (*interchange.warnings, *group.warnings, *one.warnings)[:10]
    told = Entry(number, name, content, claim=digest(*names), warnings=warnings)
    try:
        commands = commands_of(interchange, one, partner)
    except X12Error as wrong:
        return Entry(number, name, content, warnings=warnings, problem=str(wrong))
    return Entry(number, name, content, commands, told.claim, warnings)


def commands_of(
    interchange: Interchange, one: TransactionSet, partner: Partner
) -> tuple[Command, ...]:
    """What a set asks for. X12Error names what cannot be understood, or must not be believed."""
    if one.problem is not None:
        raise one.problem
    _check_sender(interchange.header, partner)
    reader = READERS.get(one.kind)
    if reader is None:
        raise one.header.wrong(1, f"{one.kind[:10]} is no set that we take")
    return reader(one.header, one.body, partner)


def _check_sender(header: Segment, partner: Partner) -> None:
    if partner.theirs and header.get(6) != partner.theirs.id:
        raise header.wrong(6, f"{header.get(6)[:20]} is another sender")
    if (header.get(15) == "T") is not partner.test:
        kind = "a test" if not partner.test else "no test"
        raise header.wrong(15, f"it is {kind}, other than the partner's files")


def problems_of(
    interchange: Interchange, group: Group, partner: Partner
) -> dict[str, tuple[int, str, int]]:
    """By control number of each set of a group that cannot be understood: where in it (from 1),
    the segment's id, and the element's number.
    """
    found: dict[str, tuple[int, str, int]] = {}
    for one in group.sets:
        try:
            commands_of(interchange, one, partner)
        except X12Error as wrong:
            at = max(0, wrong.segment.position - one.header.position + 1)
            found[one.control] = (at, wrong.segment.id, wrong.element)
    return found
