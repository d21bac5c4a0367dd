"""The lines of orders that wait for SKUs, in the Inventory table: `dom.model.queue`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import marshal, unmarshal
from dom.aws.reads import batch_get, query
from dom.model.demand import WAITING
from dom.model.ids import Sku
from dom.model.prospect import Wait
from dom.model.queue import Place, Waiting

_ID = "#"


@dataclass(frozen=True, slots=True)
class LineStore:
    """The lines, read side."""

    dynamodb: Any
    table: str

    def lengths(self, skus: Iterable[str]) -> dict[Sku, int]:
        """Units that stand in line for those of the SKUs that anybody waits for: a batch read."""
        wanted = [keys.demand(sku, 0, WAITING) for sku in skus]
        items = batch_get(self.dynamodb, self.table, wanted)
        return {Sku(item["sku"]): item["units"] for item in items if item["units"]}

    def ahead(self, sku: str, rank: str, most: int) -> list[str]:
        """Ids of the first orders in line that stand before that rank, read consistently."""
        answer = self.dynamodb.query(
            TableName=self.table,
            KeyConditionExpression="pk = :line AND sk < :rank",
            ExpressionAttributeValues=marshal({":line": keys.line(sku), ":rank": rank}),
            ConsistentRead=True,
            Limit=most,
        )
        return [_waiting(unmarshal(item)).order_id for item in answer["Items"]]

    def line(self, sku: str, most: int | None = None) -> Iterator[Waiting]:
        """All that wait for the SKU, the first in line first, read consistently; in pages of so
        many where fewer are wanted than there are.
        """
        pages = query(
            self.dynamodb,
            TableName=self.table,
            KeyConditionExpression="pk = :line",
            ExpressionAttributeValues=marshal({":line": keys.line(sku)}),
            ConsistentRead=True,
            **({"Limit": most} if most else {}),
        )
        return map(_waiting, pages)


def place_request(table: str, place: Place, wait: Wait | None) -> Mapping[str, Any]:
    """Stand there, or leave. Guarded by the order's version, which is in the same transaction."""
    key = keys.place(*place)
    if wait is None:
        return {"Delete": {"TableName": table, "Key": marshal(key)}}
    return {
        "Put": {"TableName": table, "Item": marshal({**to_plain(wait), **key, "sku": place.sku})}
    }


def _waiting(item: Mapping[str, Any]) -> Waiting:
    rank = item["sk"]
    return from_plain(Waiting, {**item, "rank": rank, "order_id": rank.rpartition(_ID)[2]})
