"""A count of what is on hand becomes a movement of the difference."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from dom.errors import Busy, CommitRefused, NotFound
from dom.inventory.ports import Locations, Stock
from dom.model.clock import Clock
from dom.model.commit import Commit, Ledger
from dom.model.ids import LocationId, Sku, digest
from dom.model.stock import Cause, Position, StockChange

# Orders move a popular position all the time; each attempt is one read and one transaction.
ATTEMPTS = 12


@dataclass(frozen=True, slots=True)
class Count:
    """What was found on hand, in units; `safety_stock` None: it stays (0 for a new position)."""

    sku: Sku
    location_id: LocationId
    on_hand: int
    safety_stock: int | None = None


@dataclass(frozen=True, slots=True)
class Shelves:
    """Ports of the use case."""

    stock: Stock
    locations: Locations
    ledger: Ledger
    clock: Clock


def set_position(count: Count, actor: str, shelves: Shelves) -> Position:
    """Bring the position to the count and return it as it is then.

    The count is of now: the movement is the difference from what is on hand at the moment of the
    write, decided anew whenever an order moved the position in between, and feeds of an earlier
    time no longer change what was counted. What is reserved stays, so
    `available` may become negative. Nothing is written when nothing differs. NotFound: no such
    location; Busy: the position moved twelve times in a row.
    """
    if shelves.locations.find(count.location_id) is None:
        raise NotFound("location", count.location_id)
    for _ in range(ATTEMPTS):
        found = next(iter(shelves.stock.positions_of([(count.sku, count.location_id)])), None)
        before = found or Position(count.sku, count.location_id)
        after = _counted(before, count)
        if found is not None and before == after:
            return found
        commit = _commit(before, after, actor, shelves.clock())
        try:
            shelves.ledger.commit(commit)
        except CommitRefused:
            continue
        return replace(after, version=before.version + 1, last_snapshot_at=commit.at)
    raise Busy(f"the position of {count.sku} at {count.location_id} keeps moving")


def _counted(position: Position, count: Count) -> Position:
    safety = position.safety_stock if count.safety_stock is None else count.safety_stock
    return replace(position, on_hand=count.on_hand, safety_stock=safety)


def _commit(before: Position, after: Position, actor: str, now: datetime) -> Commit:
    """One movement, guarded by the version that the difference was taken from (0: not there)."""
    change = StockChange(
        after.sku,
        after.location_id,
        Cause.SNAPSHOT,
        on_hand=after.on_hand - before.on_hand,
        safety_stock=after.safety_stock - before.safety_stock,
        creates=before.version == 0,
        expected_version=before.version,
        snapshot_at=now,
    )
    facts = (before.version, after.on_hand, after.safety_stock)
    name = digest(after.sku, after.location_id, *map(str, facts))
    return Commit(f"count-{name}", now, actor, stock=(change,))
