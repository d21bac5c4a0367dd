"""The rows of a feed as figures: one for each position, in groups for one transaction each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dom.errors import InvalidInput
from dom.inventory.ports import Book, Place, Places
from dom.inventory.reconcile import Figure
from dom.model.commit import MAX_WRITES
from dom.model.feed import MOST_ROWS, Feed, FeedMode, FeedRow, RowError

# A position, its movement and, at worst, an availability document for each.
GROUP = MAX_WRITES // 3


def known_rows(rows: Sequence[FeedRow], places: Places) -> tuple[list[FeedRow], list[RowError]]:
    """The rows of locations that exist, and why the others are refused."""
    known = places.existing({row.location_id for row in rows})
    errors = [
        RowError(row.row, "location_id", f"location {row.location_id} does not exist")
        for row in rows
        if row.location_id not in known
    ]
    return [row for row in rows if row.location_id in known], errors


def figures_of(mode: FeedMode, rows: Iterable[FeedRow]) -> tuple[list[Figure], list[RowError]]:
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


def absent_from(feed: Feed, figures: Iterable[Figure], book: Book) -> list[Figure]:
    """Of what a complete feed does not name, nothing lies at the locations it names.

    InvalidInput: that would empty too much at once.
    """
    named = {figure.place for figure in figures}
    stocked = book.stocked({location for _, location in named})
    missing = [
        Figure(sku, location, 0) for sku, location in stocked if (sku, location) not in named
    ]
    if len(missing) > MOST_ROWS:
        raise InvalidInput("complete", f"it would set {len(missing)} positions to 0")
    return missing


def groups_of(figures: Iterable[Figure]) -> list[list[Figure]]:
    """Groups for one transaction each, in the same order for every source: by SKU."""
    ordered = sorted(figures, key=lambda figure: figure.place)
    return [ordered[start : start + GROUP] for start in range(0, len(ordered), GROUP)]
