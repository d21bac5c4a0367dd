"""What a feed would change now: read, decided, not written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dom.inventory.ports import Book, Place
from dom.inventory.reconcile import (
    Figure,
    delta_change,
    is_late,
    movement_name,
    snapshot_change,
)
from dom.model.feed import Feed, FeedMode
from dom.model.stock import Position, StockChange, Totals


@dataclass(frozen=True, slots=True)
class Looked:
    """Positions as they were read, and the changes that follow for them."""

    positions: Mapping[Place, Position]
    changes: Mapping[Place, StockChange]


def look_at_group(group: Sequence[Figure], feed: Feed, book: Book) -> Looked:
    """What the group changes now. Positions are read first: their versions guard the rest."""
    read = book.positions_of([figure.place for figure in group])
    positions = {(one.sku, one.location_id): one for one in read}
    decide = _snapshots if feed.mode is FeedMode.SNAPSHOT else _deltas
    changes = decide(group, feed, positions, book)
    return Looked(positions, {(one.sku, one.location_id): one for one in changes if one})


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
