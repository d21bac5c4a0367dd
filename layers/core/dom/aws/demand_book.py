"""Demand, and sales of ring-fences, as a whole: what orders have counted, what counters say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain
from dom.aws.dynamo import marshal, unmarshal
from dom.aws.reads import get
from dom.model.demand import WAITING, shard_of
from dom.model.demand import Counter as Name
from dom.model.ids import Sku
from dom.model.order import Order


@dataclass(frozen=True, slots=True)
class Figure:
    """A counter as stored; nobody has counted on it yet: version 0."""

    units: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Drift:
    """A counter that says something else than the sum of its orders."""

    name: Name
    stored: Figure
    units: int


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

    def drift(self) -> list[Drift]:
        """Counters that differ from their orders. Some only seem to: orders are written meanwhile.

        Counters are read before orders. Whoever changes what an order has counted moves the
        counter's version: while it stands (`stands`, `correct`), the sum is exact.
        """
        stored = dict(self.counters())
        sums = Counter[Name]()
        for order in self.orders():
            shard = shard_of(order.order_id)
            for sku, units in order.counted.items():
                sums[Name(sku, shard)] += units
            for sku, units in order.drawn.items():
                sums[Name(sku, shard, order.fences[sku])] += units
            for sku, wait in order.queued.items():
                sums[Name(sku, 0, WAITING)] += wait.units
        names = sorted({*stored, *sums})
        all_of_them = (Drift(name, stored.get(name, Figure()), sums[name]) for name in names)
        return [one for one in all_of_them if one.stored.units != one.units]

    def stands(self, drift: Drift) -> bool:
        """Whether nobody has counted on it since it was read: then it is wrong for certain."""
        item = get(self.dynamodb, self.inventory_table, keys.demand(*drift.name))
        return _figure(item or {}) == drift.stored

    def correct(self, drift: Drift) -> bool:
        """Set it to the sum of its orders; False if it has been counted on since it was read."""
        name, read = drift.name, drift.stored.version
        values = {":sku": name.sku, ":fence": name.fence, ":units": drift.units, ":one": 1}
        values |= {":read": read} if read else {}
        unmoved = "version = :read" if read else "attribute_not_exists(version)"
        try:
            self.dynamodb.update_item(
                TableName=self.inventory_table,
                Key=marshal(keys.demand(*name)),
                UpdateExpression="SET sku = :sku, fence = :fence, units = :units ADD version :one",
                ConditionExpression=unmoved,
                ExpressionAttributeValues=marshal(values),
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def counters(self) -> Iterator[tuple[Name, Figure]]:
        """Every counter."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.inventory_table,
            ConsistentRead=True,
            FilterExpression="begins_with(sk, :demand) OR begins_with(sk, :fence)",
            ExpressionAttributeValues=marshal({":demand": keys.DEMAND, ":fence": keys.FENCE}),
        )
        for page in pages:
            for item in map(unmarshal, page["Items"]):
                shard = int(item["sk"].rpartition("#")[2])
                yield Name(Sku(item["sku"]), shard, item.get("fence", "")), _figure(item)


def _figure(item: dict[str, Any]) -> Figure:
    return Figure(item.get("units", 0), item.get("version", 0))
