"""A partner's file as entries, and what its groups are answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dom.errors import InvalidInput
from dom.model.ids import digest
from dom.model.partner import Partner, PartnerFormat
from dom.partners.commands import Entry
from dom.partners.csv_entries import csv_entries
from dom.partners.csv_table import table_of
from dom.partners.reply import Body, reply_to
from dom.partners.x12_entries import entries_of, problems_of
from dom.x12.read import Interchange, read

# Groups that acknowledge are not acknowledged.
_ACKNOWLEDGES = frozenset({"FA", ""})
Answers = Iterator[tuple[str, Body]]


def read_file(data: bytes, partner: Partner) -> tuple[list[Entry], Answers]:
    """The entries, and each answer, made as it is taken, under a name made of what it answers.

    InvalidInput: it is no such file.
    """
    if partner.format is PartnerFormat.CSV:
        table = table_of(_text(data, partner.encoding), partner)
        return list(csv_entries(table, partner)), iter(())
    found = read(_x12_text(data))
    return list(entries_of(found, partner)), _answers(found, partner)


def _answers(found: Sequence[Interchange], partner: Partner) -> Answers:
    for interchange in found:
        for group in interchange.groups:
            if group.code not in _ACKNOWLEDGES:
                body = reply_to(group, problems_of(interchange, group, partner))
                names = (interchange.sender, interchange.control, group.control)
                yield digest("997", *names, *("*".join(one) for one in body)), body


def _text(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        raise InvalidInput("file", f"it is not {encoding}") from None


def _x12_text(data: bytes) -> str:
    """X12 is ASCII by rule, and whatever its sender writes in fact."""
    try:
        return data.decode("utf-8")
    except UnicodeError:
        return data.decode("latin-1")
