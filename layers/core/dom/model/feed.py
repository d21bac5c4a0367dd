"""A feed of stock: what a source says lies where, and what became of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dom.errors import InvalidInput
from dom.model.ids import LocationId, Sku
from dom.model.stock import Cause

MOST_UNITS = 1_000_000_000
# How far a source's clock may be ahead of ours.
SKEW = timedelta(minutes=5)
# As many rows as one request may bring, and as many positions as a complete one may empty.
MOST_ROWS = 5_000


class FeedMode(StrEnum):
    """Whether quantities are changes or the whole."""

    DELTA = "delta"
    SNAPSHOT = "snapshot"


class QuantityIs(StrEnum):
    """What a source counts: all that lies there, or what it has not reserved."""

    ON_HAND = "on_hand"
    AVAILABLE = "available"


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One row, in units; `row` is its place in the feed, from 0."""

    row: int
    sku: Sku
    location_id: LocationId
    quantity: int


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row was not taken."""

    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Feed:
    """Rows of one source as of its own time; `complete`: what they do not name is not there.

    `absent`: positions that it says are empty. `batch` tells changes of one source and time apart
    that came in different files. `cause` of its movements, where it is not a feed's.
    """

    source: str
    mode: FeedMode
    quantity_is: QuantityIs
    as_of: datetime
    rows: tuple[FeedRow, ...]
    complete: bool = False
    absent: tuple[tuple[Sku, LocationId], ...] = ()
    batch: str = ""
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class FeedResult:
    """Rows that were written, rows that changed nothing, and rows refused with their reasons.

    `emptied`: positions that a complete feed did not name and that were set to 0.
    """

    accepted: int
    unchanged: int
    rejected: tuple[RowError, ...]
    emptied: int = 0


def check_quantity(quantity: int, mode: FeedMode, quantity_is: QuantityIs) -> None:
    """InvalidInput: a figure that nothing can have.

    Fewer than nothing cannot lie anywhere; it can have been sold.
    """
    if abs(quantity) > MOST_UNITS:
        raise InvalidInput("quantity", "more than a billion units")
    if mode is FeedMode.SNAPSHOT and quantity_is is QuantityIs.ON_HAND and quantity < 0:
        raise InvalidInput("quantity", "what is on hand cannot be negative")
