"""Transfers and purchases in the Inventory table, each listed at its locations while it is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import marshal, unmarshal
from dom.aws.guards import unchanged
from dom.aws.reads import batch_get, get
from dom.aws.transactions import Write
from dom.model.supply import PREFIXES, SupplyKind, SupplyOrder

PAGE = 50


def supply_writes(table: str, order: SupplyOrder) -> Iterator[Write]:
    """The guarded put of the order, and at each of its locations the entry of its list."""
    item = {**to_plain(replace(order, version=order.version + 1)), **keys.supply(order.id)}
    put = {"TableName": table, "Item": marshal(item), **unchanged(order.version or None)}
    yield Write("supply", order.id, {"Put": put})
    for location_id in sorted(order.places):
        key = keys.supply_listing(location_id, order.id)
        entry = {"Put": {"TableName": table, "Item": marshal({**key, "supply_id": order.id})}}
        gone = {"Delete": {"TableName": table, "Key": marshal(key)}}
        yield Write("supply listing", f"{location_id}@{order.id}", entry if order.listed else gone)


@dataclass(frozen=True, slots=True)
class SupplyStore:
    """`dom.inventory.supply.ports.SupplyOrders` on DynamoDB, and the lists of locations."""

    dynamodb: Any
    table: str

    def load(self, order_id: str) -> SupplyOrder | None:
        """See the port."""
        item = get(self.dynamodb, self.table, keys.supply(order_id))
        return from_plain(SupplyOrder, item) if item else None

    def page(
        self, location_id: str, kind: SupplyKind, after: str = ""
    ) -> tuple[list[SupplyOrder], str]:
        """Some open orders of a location, by id, and the id to go on after ("": the end)."""
        start = keys.supply_listing(location_id, after)
        answer = self.dynamodb.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :kind)",
            ExpressionAttributeValues=marshal({":pk": start["pk"], ":kind": PREFIXES[kind]}),
            ConsistentRead=True,
            Limit=PAGE,
            **({"ExclusiveStartKey": marshal(start)} if after else {}),
        )
        names = [str(unmarshal(item)["supply_id"]) for item in answer["Items"]]
        items = batch_get(self.dynamodb, self.table, map(keys.supply, names))
        found = sorted((from_plain(SupplyOrder, item) for item in items), key=lambda one: one.id)
        return found, names[-1] if names and "LastEvaluatedKey" in answer else ""
