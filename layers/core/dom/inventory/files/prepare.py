"""The first step of a file: all of it is read once, sorted, checked and cut into parts."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from dom.errors import InvalidInput
from dom.inventory.files.formats import READERS
from dom.inventory.files.parts import Part, absent_parts, parts_of, said_by
from dom.inventory.files.ports import Desk, Upload
from dom.inventory.files.records import Reject
from dom.inventory.files.rows import Frame, Row, read_row, time_of_file
from dom.inventory.files.sorter import Sorter
from dom.inventory.files.text import lines_of
from dom.inventory.ports import Place
from dom.model.feed_source import FeedRun, Tally

# What fits the disk of the function beside the sorted copy.
MOST_ROWS_OF_FILE = 10_000_000
REJECTS, ITEMS = "rejects.csv", "items.json"
# As many locations are looked up at once.
_LOCATIONS = 1_000


def part_name(number: int) -> str:
    """The document of a part."""
    return f"part-{number}.json.gz"


def prepare(run: FeedRun, desk: Desk) -> FeedRun:
    """Read the file, keep its parts and its rejects; the run with what was read.

    InvalidInput: it cannot be used at all; nothing of it is, then. May be repeated.
    """
    now = desk.clock()
    upload = desk.filing.open(run)
    as_of = time_of_file(upload.as_of, run.uploaded_at, now)
    with TemporaryDirectory(dir=desk.scratch) as folder:
        sorter = Sorter(Path(folder) / "rows.sqlite")
        try:
            digest = _read(upload, Frame(run.by, as_of, now), sorter)
            return _cut(replace(run, as_of=as_of, digest=digest), sorter, desk, Path(folder))
        finally:
            sorter.close()


def _read(upload: Upload, frame: Frame, sorter: Sorter) -> str:
    """All rows into the sorter; the digest of the file's bytes."""
    hashed = _Hashed(upload.stream)
    lines = lines_of(io.BufferedReader(hashed, 1 << 20), frame.source.encoding)
    records = READERS[frame.source.format](lines, frame.source)
    sorter.take(_bounded(read_row(record, frame) for record in records))
    told = upload.rows
    if told and told != str(sorter.rows):
        raise InvalidInput("file", f"it has {sorter.rows} rows, its metadata says {told[:20]}")
    return hashed.digest()


def _bounded(found: Iterable[Row | Reject]) -> Iterator[Row | Reject]:
    for number, one in enumerate(found):
        if number == MOST_ROWS_OF_FILE:
            raise InvalidInput("file", f"it has more than {MOST_ROWS_OF_FILE:,} rows")
        yield one


class _Hashed(io.RawIOBase):
    """A stream that hashes what is read of it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._hash = hashlib.blake2b(digest_size=16)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        found = self._stream.read(len(buffer))
        buffer[: len(found)] = found
        self._hash.update(found)
        return len(found)

    def digest(self) -> str:
        """Of all that was read."""
        return self._hash.hexdigest()


def _cut(run: FeedRun, sorter: Sorter, desk: Desk, folder: Path) -> FeedRun:
    """Parts and rejects, kept; the run says how many."""
    _drop_unknown(sorter, desk)
    said = said_by(sorter.in_order(), run.by.mode, lambda one: sorter.reject([one]))
    count = _keep(run, parts_of(said), 0, desk)
    notes: tuple[str, ...] = ()
    if run.by.complete and sorter.rejected():
        notes = ("nothing is emptied, since some rows cannot be used",)
    elif run.by.complete:
        count = _keep(run, absent_parts(_absent(sorter, desk)), count, desk)
    _keep_rejects(run, sorter, desk, folder / REJECTS)
    if not count:
        raise InvalidInput("file", f"none of its {sorter.rows} rows can be used")
    tally = Tally(rows=sorter.rows, rejected=sorter.rejected())
    desk.filing.put(run, ITEMS, [_item(run, number) for number in range(count)])
    return replace(run, parts=count, tally=tally, reasons=notes)


def _item(run: FeedRun, number: int) -> dict[str, object]:
    return {"source": run.source, "run_id": run.run_id, "part": number}


def _drop_unknown(sorter: Sorter, desk: Desk) -> None:
    named = iter(list(sorter.locations()))
    while some := list(islice(named, _LOCATIONS)):
        for location_id in sorted(set(some) - desk.intake.places.existing(some)):
            sorter.drop_location(location_id, "this location does not exist")


def _absent(sorter: Sorter, desk: Desk) -> Iterator[Place]:
    return sorter.not_named(desk.intake.book.stocked(list(sorter.locations())))


def _keep(run: FeedRun, parts: Iterable[Part], first: int, desk: Desk) -> int:
    """Keep each part; the number of the next."""
    number = first
    for part in parts:
        desk.filing.put(run, part_name(number), part.document())
        number += 1
    return number


def _keep_rejects(run: FeedRun, sorter: Sorter, desk: Desk, path: Path) -> None:
    if not sorter.rejected():
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "field", "reason", "text"])
        writer.writerows((one.line, one.field, one.reason, one.text) for one in sorter.rejects())
    desk.filing.put_file(run, REJECTS, path)
