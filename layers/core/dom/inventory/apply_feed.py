"""A feed of stock from a source becomes movements; what changes nothing is not written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from dom.errors import Busy, CommitRefused, InvalidInput
from dom.inventory.ports import Book, Place, Places
from dom.inventory.reconcile import (
    Figure,
    delta_change,
    is_late,
    movement_name,
    snapshot_change,
)
from dom.model.clock import Clock
from dom.model.commit import MAX_WRITES, Commit, Ledger
from dom.model.feed import MOST_ROWS, Feed, FeedMode, FeedResult, FeedRow, RowError
from dom.model.ids import digest
from dom.model.stock import Position, StockChange, Totals

# Orders move popular positions all the time; each attempt reads the group and decides anew.
ATTEMPTS = 12
# A position, its movement and, at worst, an availability document for each.
GROUP = MAX_WRITES // 3
# How far a source's clock may be ahead of ours.
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Intake:
    """Ports of the use case. `each` applies a function to groups, in parallel or not."""

    book: Book
    places: Places
    ledger: Ledger
    clock: Clock
    each: Callable[[Callable[..., Any], Iterable[Any]], Iterable[Any]] = map


def apply_feed(feed: Feed, actor: str, ports: Intake, rejected: Sequence[RowError]) -> FeedResult:
    """Bring positions in line with the feed; `rejected` are rows that were refused before.

    Good rows are written though others are refused. The same feed again changes nothing, also
    after it broke off: Busy when a position keeps moving, with part of the feed written.
    InvalidInput: `as_of` lies in the future, or a complete feed would empty too much.
    """
    if feed.as_of > ports.clock() + SKEW:
        raise InvalidInput("as_of", "it lies in the future")
    rows, unknown = _known(feed.rows, ports.places)
    figures, repeated = _figures(feed.mode, rows)
    errors = sorted((*rejected, *unknown, *repeated), key=lambda error: error.row)
    missing = _missing(feed, figures, ports.book) if feed.complete and not errors else []
    groups = _groups([*figures, *missing])
    done = [
        one for part in ports.each(lambda g: _write(g, feed, actor, ports), groups) for one in part
    ]
    accepted = sum(len(figure.rows) for figure in done)
    unchanged = len(rows) - len(repeated) - accepted
    emptied = sum(not figure.rows for figure in done)
    return FeedResult(accepted, unchanged, tuple(errors), emptied)


def _known(rows: Sequence[FeedRow], places: Places) -> tuple[list[FeedRow], list[RowError]]:
    known = places.existing({row.location_id for row in rows})
    errors = [
        RowError(row.row, "location_id", f"location {row.location_id} does not exist")
        for row in rows
        if row.location_id not in known
    ]
    return [row for row in rows if row.location_id in known], errors


def _figures(mode: FeedMode, rows: Iterable[FeedRow]) -> tuple[list[Figure], list[RowError]]:
    """One figure for each position: changes add up, two different snapshots are one too many."""
    found: dict[Place, Figure] = {}
    errors = []
    for row in rows:
        before = found.get((row.sku, row.location_id))
        if before is None:
            figure = Figure(row.sku, row.location_id, row.quantity, (row.row,))
        elif mode is FeedMode.DELTA:
            figure = _with(before, row, before.quantity + row.quantity)
        elif before.quantity == row.quantity:
            figure = _with(before, row, before.quantity)
        else:
            reason = f"row {before.rows[0]} says {before.quantity} of the same position"
            errors.append(RowError(row.row, "quantity", reason))
            continue
        found[figure.place] = figure
    return list(found.values()), errors


def _with(figure: Figure, row: FeedRow, quantity: int) -> Figure:
    return Figure(figure.sku, figure.location_id, quantity, (*figure.rows, row.row))


def _missing(feed: Feed, figures: Iterable[Figure], book: Book) -> list[Figure]:
    """Nothing of what a complete feed does not name lies at the locations it names."""
    named = {figure.place for figure in figures}
    stocked = book.stocked({location for _, location in named})
    missing = [
        Figure(sku, location, 0) for sku, location in stocked if (sku, location) not in named
    ]
    if len(missing) > MOST_ROWS:
        raise InvalidInput("complete", f"it would set {len(missing)} positions to 0")
    return missing


def _groups(figures: Iterable[Figure]) -> list[list[Figure]]:
    """Groups for one transaction each, in the same order for every source: by SKU."""
    ordered = sorted(figures, key=lambda figure: figure.place)
    return [ordered[start : start + GROUP] for start in range(0, len(ordered), GROUP)]


def _write(group: Sequence[Figure], feed: Feed, actor: str, ports: Intake) -> list[Figure]:
    """Write what the group changes; the figures that changed something."""
    for _ in range(ATTEMPTS):
        changes = _changes(group, feed, ports.book)
        try:
            if changes:
                ports.ledger.commit(_commit(changes.values(), actor, ports.clock))
        except CommitRefused:
            continue
        return [figure for figure in group if figure.place in changes]
    raise Busy(f"positions of a feed of {feed.source} keep moving")


def _commit(changes: Iterable[StockChange], actor: str, clock: Clock) -> Commit:
    stock = tuple(changes)
    return Commit(f"feed-{digest(*(change.id for change in stock))}", clock(), actor, stock=stock)


def _changes(group: Sequence[Figure], feed: Feed, book: Book) -> Mapping[Place, StockChange]:
    """What the group changes now. Positions are read first: their versions guard the rest."""
    read = book.positions_of([figure.place for figure in group])
    positions = {(one.sku, one.location_id): one for one in read}
    decide = _snapshots if feed.mode is FeedMode.SNAPSHOT else _deltas
    changes = decide(group, feed, positions, book)
    return {(one.sku, one.location_id): one for one in changes if one}


def _snapshots(
    group: Sequence[Figure], feed: Feed, positions: Mapping[Place, Position], book: Book
) -> list[StockChange | None]:
    fresh = [one for one in group if not is_late(feed, positions.get(one.place))]
    moved = book.moved_after([one.place for one in fresh if one.place in positions], feed.as_of)
    return [
        snapshot_change(feed, one, positions.get(one.place), moved.get(one.place, Totals()))
        for one in fresh
    ]


def _deltas(
    group: Sequence[Figure], feed: Feed, positions: Mapping[Place, Position], book: Book
) -> list[StockChange | None]:
    names = [(*figure.place, movement_name(feed, figure)) for figure in group]
    known = book.recorded(names, feed.as_of)
    fresh = [figure for figure in group if figure.place not in known]
    return [delta_change(feed, figure, positions.get(figure.place)) for figure in fresh]
