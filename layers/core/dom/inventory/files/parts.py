"""What a file says of each position, in parts that are looked at and applied one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from dom.inventory.files.records import Reject
from dom.inventory.files.rows import Row
from dom.inventory.ports import Place
from dom.model.clock import from_text, to_text
from dom.model.feed import Feed, FeedMode, FeedRow
from dom.model.feed_source import FeedRun
from dom.model.ids import LocationId, Sku

# Positions of a part: a few seconds of one function, far below the limit of a document's size.
PART = 5_000
Refuse = Callable[[Reject], None]


@dataclass(frozen=True, slots=True)
class Part:
    """Some of what a file says, as it is kept: plain lists, since there are millions of them.

    `rows` are (line, SKU, location, quantity, number of its time in `times`). `absent` are (SKU,
    location) of positions that the file says nothing lies at.
    """

    times: list[str] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    absent: list[list[Any]] = field(default_factory=list)

    def document(self) -> dict[str, object]:
        """As JSON has it."""
        return {"times": self.times, "rows": self.rows, "absent": self.absent}

    def said(self) -> Iterator[Row]:
        """What it says of each position."""
        times = [from_text(moment) for moment in self.times]
        for line, sku, location, quantity, time in self.rows:
            yield Row(line, Sku(sku), LocationId(location), quantity, times[time])

    def empty(self) -> tuple[Place, ...]:
        """Where nothing lies."""
        return tuple((Sku(sku), LocationId(location)) for sku, location in self.absent)


def part_of(said: Iterable[Row]) -> Part:
    """A part that says this."""
    times: dict[datetime, int] = {}
    rows = [
        [
            one.line,
            one.sku,
            one.location_id,
            one.quantity,
            times.setdefault(one.as_of, len(times)),
        ]
        for one in said
    ]
    return Part([to_text(moment) for moment in times], rows)


def said_by(rows: Iterable[Row], mode: FeedMode, refuse: Refuse) -> Iterator[Row]:
    """One figure for each position (of changes: for each position and time), in the rows' order.

    Rows come sorted by SKU, location, time and line. Of snapshots the newest counts; of two that
    differ and are of the same time the later is refused.
    """
    for _, same in groupby(rows, key=lambda row: (row.sku, row.location_id)):
        if mode is FeedMode.SNAPSHOT:
            yield _newest(list(same), refuse)
        else:
            yield from _summed(same)


def _newest(rows: list[Row], refuse: Refuse) -> Row:
    newest = [row for row in rows if row.as_of == rows[-1].as_of]
    first = newest[0]
    for row in newest[1:]:
        if row.quantity != first.quantity:
            reason = f"line {first.line} says {first.quantity} of the same position"
            refuse(Reject(row.line, "quantity", reason, str(row.quantity)))
    return first


def _summed(rows: Iterable[Row]) -> Iterator[Row]:
    for _, same in groupby(rows, key=lambda row: row.as_of):
        found = list(same)
        yield replace(found[0], quantity=sum(row.quantity for row in found))


def parts_of(said: Iterable[Row], size: int = PART) -> Iterator[Part]:
    """In parts; what is said of one position stays together."""
    kept: list[Row] = []
    for _, same in groupby(said, key=lambda one: (one.sku, one.location_id)):
        if len(kept) >= size:
            yield part_of(kept)
            kept = []
        kept += same
    if kept:
        yield part_of(kept)


def absent_parts(absent: Iterable[Place], size: int = PART) -> Iterator[Part]:
    """What a complete file does not name, in parts."""
    stream = iter(absent)
    while kept := [list(place) for place in islice(stream, size)]:
        yield Part(absent=kept)


def feeds_of(run: FeedRun, part: Part, as_of: datetime) -> Iterator[Feed]:
    """The part as feeds, one for each time that its rows carry; `as_of` is the file's own."""
    ordered = sorted(part.said(), key=lambda one: one.as_of)
    for moment, same in groupby(ordered, key=lambda one: one.as_of):
        rows = [FeedRow(one.line, one.sku, one.location_id, one.quantity) for one in same]
        yield _feed(run, moment, rows=tuple(rows))
    if part.absent:
        yield _feed(run, as_of, absent=part.empty())


def _feed(
    run: FeedRun, as_of: datetime, rows: tuple[FeedRow, ...] = (), absent: tuple[Place, ...] = ()
) -> Feed:
    by = run.by
    batch = run.digest if by.mode is FeedMode.DELTA else ""
    return Feed(by.source, by.mode, by.quantity_is, as_of, rows, absent=absent, batch=batch)
