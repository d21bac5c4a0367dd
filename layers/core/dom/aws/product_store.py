"""Facts of products in the Inventory table, each beside its availability document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import marshal
from dom.aws.guards import put_unchanged, unchanged
from dom.aws.reads import batch_get, get
from dom.aws.transactions import Write, transact
from dom.errors import CommitRefused
from dom.model.ids import Sku
from dom.model.product import Product


@dataclass(frozen=True, slots=True)
class DynamoProductStore:
    """`dom.network.ports.ProductStore` on DynamoDB."""

    dynamodb: Any
    table: str

    def find(self, sku: str) -> Product | None:
        """The product, read consistently, or None."""
        item = get(self.dynamodb, self.table, keys.product(sku))
        return from_plain(Product, item) if item else None

    def find_all(self, skus: Iterable[Sku]) -> dict[Sku, Product]:
        """Those of the SKUs that are described, in one read for a hundred."""
        items = batch_get(self.dynamodb, self.table, [keys.product(sku) for sku in skus])
        found = (from_plain(Product, item) for item in items)
        return {product.sku: product for product in found}

    def save(self, product: Product, previous: Product | None) -> bool:
        """Store it if what is stored is still `previous`; False if not."""
        item = {**keys.product(product.sku), **to_plain(product)}
        seen = previous.version if previous else None
        return put_unchanged(self.dynamodb, self.table, item, seen)

    def save_all(self, changes: Sequence[tuple[Product, Product | None]]) -> bool:
        """Store all of them in one transaction, each if what is stored is still what it is paired
        with; False, and nothing stored, if not.
        """
        writes = [self._write(*change) for change in changes]
        try:
            transact(self.dynamodb, writes)
        except CommitRefused:
            return False
        return True

    def _write(self, product: Product, previous: Product | None) -> Write:
        put = {
            "TableName": self.table,
            "Item": marshal({**keys.product(product.sku), **to_plain(product)}),
            **unchanged(previous.version if previous else None),
        }
        return Write("product", product.sku, {"Put": put})
