"""What the stage needs from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dom.model.history import HistoryEntry
from dom.model.ids import Sku
from dom.model.location import Location
from dom.model.product import Product


@dataclass(frozen=True, slots=True)
class LocationRecord:
    """A location as stored, with the newest of what happened to it."""

    location: Location
    history: tuple[HistoryEntry, ...] = ()


class LocationStore(Protocol):
    """Locations, and beside each its state: open flag and capacity left by day."""

    def find(self, location_id: str) -> LocationRecord | None:
        """The record, read consistently, or None."""

    def all(self) -> list[Location]:
        """Every location, by id; never a part of them."""

    def save(self, record: LocationRecord, previous: Location | None) -> None:
        """Store the record and bring its state in line, in one transaction.

        `previous` is the location as it was read; CommitRefused when it, or the days of which
        capacity is counted, changed since.
        """


class ProductStore(Protocol):
    """Facts of products, by SKU."""

    def find(self, sku: str) -> Product | None:
        """The product, read consistently, or None."""

    def save(self, product: Product, previous: Product | None) -> bool:
        """Store it if what is stored is still `previous`; False if not."""

    def find_all(self, skus: Iterable[Sku]) -> Mapping[Sku, Product]:
        """Those of the SKUs that are described."""

    def save_all(self, changes: Sequence[tuple[Product, Product | None]]) -> bool:
        """Store all, each if what is stored is still what it is paired with; False: none."""
