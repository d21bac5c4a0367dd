"""A feed of stock from a source becomes movements; what changes nothing is not written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dom.errors import Busy, CommitRefused, InvalidInput
from dom.inventory.figures import absent_from, figures_of, groups_of, known_rows
from dom.inventory.look import look_at_group
from dom.inventory.ports import Book, Places
from dom.inventory.reconcile import Figure
from dom.model.clock import Clock
from dom.model.commit import Commit, Ledger
from dom.model.feed import SKEW, Feed, FeedResult, RowError
from dom.model.ids import digest
from dom.model.stock import StockChange

# Orders move popular positions all the time; each attempt reads the group and decides anew.
ATTEMPTS = 12


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
    rows, unknown = known_rows(feed.rows, ports.places)
    figures, repeated = figures_of(feed.mode, rows)
    errors = sorted((*rejected, *unknown, *repeated), key=lambda error: error.row)
    missing = absent_from(feed, figures, ports.book) if feed.complete and not errors else []
    absent = [Figure(sku, location_id, 0) for sku, location_id in feed.absent]
    groups = groups_of([*figures, *missing, *absent])
    done = [
        one for part in ports.each(lambda g: _write(g, feed, actor, ports), groups) for one in part
    ]
    accepted = sum(len(figure.rows) for figure in done)
    unchanged = len(rows) - len(repeated) - accepted
    emptied = sum(not figure.rows for figure in done)
    return FeedResult(accepted, unchanged, tuple(errors), emptied)


def _write(group: Sequence[Figure], feed: Feed, actor: str, ports: Intake) -> list[Figure]:
    """Write what the group changes; the figures that changed something."""
    for _ in range(ATTEMPTS):
        changes = look_at_group(group, feed, ports.book).changes
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
