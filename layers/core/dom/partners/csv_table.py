"""A partner's CSV file as rows by our names, whatever its columns are called."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dom.errors import InvalidInput
from dom.model.partner import Partner

MOST_ROWS = 50_000
LONGEST = 500
# Our names, and what common exports call them (HotWax's, then others).
KNOWN: Mapping[str, tuple[str, ...]] = {
    "order": ("orderId", "order", "purchase_order"),
    "line": ("orderItemSeqId", "lineId", "line_id"),
    "sku": ("sku", "productSku"),
    "location": ("externalFacilityId", "locationInternalId", "location_id"),
    "quantity": ("quantity",),
    "tracking_number": ("trackingNumber", "tracking_number"),
    "carrier": ("carrier",),
    "reason": ("rejectionReason", "reason"),
    "comments": ("rejectionComments", "comments"),
    "their_number": ("idValue",),
}


@dataclass(frozen=True, slots=True)
class CsvRow:
    """Cells by our names, of the row of that number (the header is row 1), or why it has none."""

    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""

    def get(self, name: str) -> str:
        """The cell, "" if there is none."""
        return self.cells.get(name, "")

    def needed(self, name: str) -> str:
        """The cell; InvalidInput if it is empty."""
        if not self.get(name):
            raise self.wrong(name, "it is missing")
        return self.get(name)

    def wrong(self, name: str, reason: str) -> InvalidInput:
        """The error that names the row and the column."""
        return InvalidInput(f"{name} (row {self.number})", reason)


@dataclass(frozen=True, slots=True)
class Table:
    """The columns that a file has, by our names, and its rows."""

    columns: frozenset[str]
    rows: tuple[CsvRow, ...]


def table_of(text: str, partner: Partner) -> Table:
    """The file. InvalidInput: it has no header, not the columns it is said to have, or too much."""
    lines = _lines(text, partner.delimiter)
    header = next(lines, None)
    if header is None:
        raise InvalidInput("file", "it is empty")
    names = _names([cell.strip() for cell in header[1]], partner)
    rows: list[CsvRow] = []
    for number, cells in lines:
        if len(rows) == MOST_ROWS:
            raise InvalidInput("file", f"it has more than {MOST_ROWS} rows")
        rows.append(_row(number, cells, names))
    return Table(frozenset(filter(None, names)), tuple(rows))


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise InvalidInput("file", str(error)) from None


def _names(header: Sequence[str], partner: Partner) -> list[str]:
    """Our name of each column, "" of those that we do not use."""
    spelled = {cell.lower(): at for at, cell in enumerate(header)}
    names = [""] * len(header)
    for ours, usual in KNOWN.items():
        said = partner.columns.get(ours)
        at = next((spelled[x.lower()] for x in (said, *usual) if x and x.lower() in spelled), None)
        if said and said.lower() not in spelled:
            raise InvalidInput("file", f"column {said!r} is not in the header")
        if at is not None and not names[at]:
            names[at] = ours
    return names


def _row(number: int, cells: list[str], names: Sequence[str]) -> CsvRow:
    more = len(cells) - len(names)
    if more > 0 and "comments" in names:
        # Exports that quote nothing: the commas are those of the free text.
        at = names.index("comments")
        cells = [*cells[:at], ",".join(cells[at : at + more + 1]), *cells[at + more + 1 :]]
    if len(cells) != len(names):
        return CsvRow(number, problem=f"{len(cells)} fields, not {len(names)} as in the header")
    found = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if name}
    if any(len(cell) > LONGEST for name, cell in found.items() if name != "comments"):
        return CsvRow(number, problem=f"a field has more than {LONGEST} characters")
    return CsvRow(number, found)
