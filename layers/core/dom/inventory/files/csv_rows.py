"""Records of a CSV file (RFC 4180, with a header and any delimiter)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from dom.errors import InvalidInput
from dom.inventory.files.records import Record
from dom.inventory.files.text import Line
from dom.model.feed_source import FeedSource

# Lines of one record: a quote that is never closed must not swallow the file.
MOST_LINES = 20


class _Unclosed(Exception):
    """A record goes on for too long."""


class _Lines:
    """Lines for the CSV reader, which can be given back when a record turns out not to be one."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = iter(lines)
        self._back: list[Line] = []
        self._taken: list[Line] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self._taken) == MOST_LINES:
            raise _Unclosed
        line = self._back.pop() if self._back else next(self._lines)
        self._taken.append(line)
        if line.text is None:
            raise _Unclosed
        return line.text

    def begin(self) -> None:
        """A new record begins with what comes."""
        self._taken = []

    @property
    def first(self) -> int:
        """Where the record begins that was read last."""
        return self._taken[0].number

    def give_back(self) -> None:
        """The record is lost, what follows its first line is not."""
        self._back += reversed(self._taken[1:])


def read_csv(lines: Iterable[Line], source: FeedSource) -> Iterator[Record]:
    """The records after the header; blank lines are none.

    InvalidInput: no header, or one without the columns that the source is said to have.
    """
    header: Sequence[str] | None = None
    for line, cells in _rows(lines, source.delimiter):
        if isinstance(cells, str):
            yield Record(line, problem=cells)
        elif header is None:
            header = _header(cells, source)
        elif len(cells) != len(header):
            yield Record(line, problem=f"{len(cells)} fields, not {len(header)} as in the header")
        else:
            yield Record(line, dict(zip(header, cells, strict=True)))
    if header is None:
        raise InvalidInput("file", "it has no header")


def _rows(lines: Iterable[Line], delimiter: str) -> Iterator[tuple[int, Sequence[str] | str]]:
    """Each record's line and cells, or why it has none."""
    source = _Lines(lines)
    reader = _reader(source, delimiter)
    while True:
        source.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_Unclosed, csv.Error) as error:
            yield source.first, f"it cannot be read: {error or 'a line or a quote has no end'}"
            source.give_back()
            reader = _reader(source, delimiter)
            continue
        if any(cell.strip() for cell in cells):
            yield source.first, cells


def _reader(lines: _Lines, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=delimiter, strict=True)


def _header(cells: Sequence[str], source: FeedSource) -> Sequence[str]:
    names = [cell.strip() for cell in cells]
    needed = ["sku", "quantity"] + ([] if source.location_id else ["location_id"])
    optional = [name for name in source.columns if name not in needed]
    for column in map(source.column, needed + optional):
        if names.count(column) != 1:
            found = "twice" if column in names else f"not in the header ({', '.join(names)[:200]})"
            raise InvalidInput("file", f"column {column!r} is {found}")
    return names
