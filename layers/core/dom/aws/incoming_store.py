"""Documents of incoming supply in the Inventory table, one per SKU."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import unmarshal
from dom.aws.guards import put_unchanged
from dom.aws.reads import batch_get
from dom.aws.supply_store import SupplyStore
from dom.model.ids import Sku
from dom.model.incoming import Incoming, IncomingSupply
from dom.model.supply import SupplyId, SupplyOrder


@dataclass(frozen=True, slots=True)
class DynamoIncomingStore:
    """`dom.inventory.await_supply.IncomingStore` on DynamoDB."""

    dynamodb: Any
    table: str

    def documents(self, skus: Iterable[Sku]) -> dict[Sku, IncomingSupply]:
        """The document of each SKU, read consistently; of version 0 if there is none."""
        found = {sku: IncomingSupply(sku) for sku in skus}
        for item in batch_get(self.dynamodb, self.table, map(keys.incoming, found)):
            found[item["sku"]] = from_plain(IncomingSupply, item)
        return found

    def incoming(self, skus: Iterable[str]) -> dict[Sku, tuple[Incoming, ...]]:
        """What is on its way of each SKU that something is on its way of."""
        documents = self.documents(Sku(sku) for sku in skus)
        return {sku: tuple(x.orders.values()) for sku, x in documents.items() if x.orders}

    def order(self, order_id: SupplyId) -> SupplyOrder | None:
        """The order, read consistently, or None."""
        return SupplyStore(self.dynamodb, self.table).load(order_id)

    def replace(self, document: IncomingSupply) -> bool:
        """Store it as version + 1 if the stored version is still its own; False if not."""
        stored = replace(document, version=document.version + 1)
        item = {**keys.incoming(document.sku), **to_plain(stored)}
        return put_unchanged(self.dynamodb, self.table, item, document.version or None)

    def known(self) -> Iterator[tuple[SupplyId, frozenset[Sku]]]:
        """Every order with its SKUs, and with those whose documents name it: for operators."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.table,
            FilterExpression="sk IN (:order, :incoming)",
            ExpressionAttributeValues={
                ":order": {"S": keys.SUPPLY},
                ":incoming": {"S": keys.INCOMING},
            },
        )
        for page in pages:
            for item in map(unmarshal, page["Items"]):
                yield from _named(item)


def _named(item: dict[str, Any]) -> Iterator[tuple[SupplyId, frozenset[Sku]]]:
    if item["sk"] == keys.SUPPLY:
        yield SupplyId(item["id"]), frozenset(Sku(line["sku"]) for line in item["lines"])
        return
    for order_id in item["orders"]:
        yield SupplyId(order_id), frozenset({Sku(item["sku"])})
