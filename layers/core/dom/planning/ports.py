"""What the stage needs from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from dom.model.commit import Commit
from dom.model.expectation import Expectation
from dom.model.ids import Sku
from dom.model.product import Assortment
from dom.model.stock import Position


class Positions(Protocol):
    """Consistent reads of positions, of the documents that name them, and of products."""

    def assortment(self, skus: Iterable[str]) -> Assortment:
        """Available units by location, and facts of those products that are described."""

    def positions_of(self, pairs: Iterable[tuple[str, str]]) -> list[Position]:
        """The positions that exist among these (sku, location_id)."""


class Writer(Protocol):
    """The ledger."""

    def commit(self, commit: Commit) -> None:
        """Write it whole, or raise CommitRefused or Busy and change nothing."""


class Expectations(Protocol):
    """What is expected of each SKU."""

    def find(self, skus: Iterable[Sku]) -> Mapping[Sku, Expectation]:
        """Of those SKUs of which anything is known."""

    def save(self, known: Expectation) -> bool:
        """Store it, unless what is stored was learnt later: False then."""


class Products(Protocol):
    """What routing may know of SKUs."""

    def expect(self, sku: Sku, daily: float) -> bool:
        """Tell what the whole network sells of it a day; False if that is known already."""
