"""Unallocated demand as a whole: what every order has counted, and what the counters say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain
from dom.aws.dynamo import marshal, unmarshal
from dom.aws.stock_writes import demand_update
from dom.model.demand import Counter as Name
from dom.model.demand import shard_of
from dom.model.ids import Sku
from dom.model.order import Order


@dataclass(frozen=True, slots=True)
class DemandBook:
    """Scans of both tables: for operators."""

    dynamodb: Any
    orders_table: str
    inventory_table: str

    def orders(self) -> Iterator[Order]:
        """Every order."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.orders_table,
            ConsistentRead=True,
            FilterExpression="#item = :order",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues=marshal({":order": keys.ORDER}),
        )
        for page in pages:
            yield from (from_plain(Order, unmarshal(item)) for item in page["Items"])

    def drift(self) -> dict[Name, int]:
        """By counter, the units that it is too high; they come and go while orders are written."""
        found = Counter[Name]()
        for sku, shard, units in self._counters():
            found[sku, shard] += units
        for order in self.orders():
            for sku, units in order.counted.items():
                found[sku, shard_of(order.order_id)] -= units
        return {name: units for name, units in found.items() if units}

    def correct(self, name: Name, units: int) -> None:
        """Take so many units off a counter."""
        request = demand_update(self.inventory_table, *name, -units)
        self.dynamodb.update_item(**request["Update"])

    def _counters(self) -> Iterator[tuple[Sku, int, int]]:
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.inventory_table,
            ConsistentRead=True,
            FilterExpression="begins_with(sk, :demand)",
            ExpressionAttributeValues=marshal({":demand": keys.DEMAND}),
        )
        for page in pages:
            for item in map(unmarshal, page["Items"]):
                yield Sku(item["sku"]), int(item["sk"].removeprefix(keys.DEMAND)), item["units"]
