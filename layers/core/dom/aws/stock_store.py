"""Reads of positions and availability documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain
from dom.aws.reads import batch_get
from dom.model.ids import Sku
from dom.model.product import Assortment, Product
from dom.model.stock import Position


@dataclass(frozen=True, slots=True)
class StockStore:
    """The Inventory table, read side."""

    dynamodb: Any
    table: str

    def positions_of(self, pairs: Iterable[tuple[str, str]]) -> list[Position]:
        """The positions that exist among these (sku, location_id), read consistently."""
        items = batch_get(self.dynamodb, self.table, [keys.position(*pair) for pair in pairs])
        return [from_plain(Position, item) for item in items]

    def availability(self, skus: Iterable[str]) -> dict[str, dict[str, int]]:
        """Available units by location, for each SKU (empty if unknown), from its document.

        The document follows the positions by the stream's delay: a hint for solving, never a
        promise. Read consistently all the same, which spares the replica's delay.
        """
        found: dict[str, dict[str, int]] = {sku: {} for sku in skus}
        documents = [keys.availability(sku) for sku in found]
        for item in batch_get(self.dynamodb, self.table, documents):
            found[item["sku"]] = dict(item["locations"])
        return found

    def assortment(self, skus: Iterable[str]) -> Assortment:
        """As `availability`, with the facts of the products that are described, in one read."""
        found = Assortment({sku: {} for sku in skus}, {})
        wanted = [key(sku) for sku in found.units for key in (keys.availability, keys.product)]
        for item in batch_get(self.dynamodb, self.table, wanted):
            if item["sk"] == keys.PRODUCT:
                found.products[Sku(item["sku"])] = from_plain(Product, item)
            else:
                found.units[item["sku"]] = dict(item["locations"])
        return found
