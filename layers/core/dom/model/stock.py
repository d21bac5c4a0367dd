"""Inventory positions and the movements that change them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dom.model.ids import LocationId, Sku


class Cause(StrEnum):
    """Why stock moved."""

    SALE = "sale"
    ALLOCATION = "allocation"
    RELEASE = "release"
    SHIPMENT = "shipment"
    RECEIPT = "receipt"
    RETURN = "return"
    TRANSFER_OUT = "transfer_out"
    TRANSFER_IN = "transfer_in"
    CYCLE_COUNT = "cycle_count"
    ADJUSTMENT = "adjustment"
    SNAPSHOT = "snapshot"
    REJECT = "reject"
    VENDOR_FEED = "vendor_feed"


@dataclass(frozen=True, slots=True)
class Position:
    """Stock of one SKU at one location, in units.

    `available = on_hand - unsellable - reserved - safety_stock`; it may be negative. It is stored,
    since DynamoDB conditions cannot calculate. `last_snapshot_at`: the source's time of the newest
    snapshot or count that was applied; what occurred until then is in its figure.
    """

    sku: Sku
    location_id: LocationId
    on_hand: int = 0
    unsellable: int = 0
    reserved: int = 0
    safety_stock: int = 0
    version: int = 0
    last_snapshot_at: datetime | None = None

    @property
    def available(self) -> int:
        """Units that may still be promised here; negative when stock is physically gone."""
        return self.on_hand - self.unsellable - self.reserved - self.safety_stock

    @property
    def atp(self) -> int:
        """Available to promise: `max(0, available)`."""
        return max(0, self.available)

    @property
    def short(self) -> int:
        """Units that are spoken for here and not there: a sale, a count or a reject said so.

        Books below zero of which nothing is spoken for are a mistake of books, and nobody's loss.
        """
        return min(self.reserved, max(0, self.reserved - (self.on_hand - self.unsellable)))


@dataclass(frozen=True, slots=True)
class StockChange:
    """One movement on one position, applied in the same transaction as whatever caused it.

    Deltas are in units. The position must exist unless `creates`. Conditions, checked on commit:
    `takes_available`: `available` must be at least the delta of `reserved` (allocations);
    `expected_version`: the position is unchanged since it was read; and always `reserved >= 0`
    afterwards. `references` name what caused it: `{"order_id": ..., "fulfillment_order_id": ...}`.
    `snapshot_at`: the position follows a snapshot of that time. `id` names the movement where one
    commit holds many facts; without it the commit's id does.
    """

    sku: Sku
    location_id: LocationId
    cause: Cause
    on_hand: int = 0
    unsellable: int = 0
    reserved: int = 0
    safety_stock: int = 0
    takes_available: bool = False
    creates: bool = False
    expected_version: int | None = None
    references: tuple[Mapping[str, object], ...] = ()
    occurred_at: datetime | None = None
    snapshot_at: datetime | None = None
    id: str = ""

    @property
    def available(self) -> int:
        """Change of `available` that follows from the deltas."""
        return self.on_hand - self.unsellable - self.reserved - self.safety_stock


@dataclass(frozen=True, slots=True)
class Movement:
    """A row of the append-only ledger: deltas in units; `commit_id` names it at its position."""

    commit_id: str
    sku: Sku
    location_id: LocationId
    cause: Cause
    occurred_at: datetime
    recorded_at: datetime
    on_hand: int = 0
    unsellable: int = 0
    reserved: int = 0
    safety_stock: int = 0
    references: tuple[Mapping[str, object], ...] = ()
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """Units that movements sum to, or that a position holds."""

    on_hand: int = 0
    unsellable: int = 0
    reserved: int = 0
    safety_stock: int = 0

    @property
    def available(self) -> int:
        """What follows for `available`."""
        return self.on_hand - self.unsellable - self.reserved - self.safety_stock


def totals(parts: Iterable[Movement | Position]) -> Totals:
    """The sum of movements, or the figures of one position."""
    sums = [0, 0, 0, 0]
    for part in parts:
        deltas = (part.on_hand, part.unsellable, part.reserved, part.safety_stock)
        sums = [total + delta for total, delta in zip(sums, deltas, strict=True)]
    return Totals(*sums)
