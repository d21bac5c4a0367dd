"""The lines of orders that wait for SKUs, in the Inventory table: `dom.model.queue`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import marshal, unmarshal
from dom.aws.reads import batch_get, query
from dom.model.clock import Clock, system_clock, to_text
from dom.model.demand import WAITING
from dom.model.ids import Sku
from dom.model.prospect import Wait
from dom.model.queue import Place, Waiting

_ID = "#"
# Ranks begin with a digit.
_BEHIND_ALL = "~"
FORGOTTEN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class LineStore:
    """The lines, read side; and who is asked to look along them."""

    dynamodb: Any
    table: str
    clock: Clock = system_clock

    def lengths(self, skus: Iterable[str]) -> dict[Sku, int]:
        """Units that stand in line for those of the SKUs that anybody waits for: a batch read."""
        return {Sku(item["sku"]): item["units"] for item in self._counters(skus)}

    def to_look(self, skus: Iterable[str]) -> list[Sku]:
        """Those of the SKUs that anybody waits for, and along whose line nobody is asked to look,
        or was so long ago that nobody will: a batch read, consistent.
        """
        old = to_text(self.clock() - FORGOTTEN)
        return sorted(Sku(x["sku"]) for x in self._counters(skus) if not _is_asked(x, old))

    def note_look(self, sku: str, at: datetime) -> None:
        """That somebody was asked at that time, which is before it was done."""
        self._note(sku, "look_at", at)

    def begin_look(self, sku: str) -> None:
        """Whatever moves from now on needs another look."""
        self._note(sku, "looked_at", self.clock())

    def _counters(self, skus: Iterable[str]) -> Iterator[Mapping[str, Any]]:
        wanted = [keys.demand(sku, 0, WAITING) for sku in skus]
        return (x for x in batch_get(self.dynamodb, self.table, wanted) if x["units"])

    def _note(self, sku: str, name: str, at: datetime) -> None:
        """Not noted, it is asked once more than needed."""
        refused = self.dynamodb.exceptions
        with suppress(
            refused.TransactionConflictException, refused.ConditionalCheckFailedException
        ):
            self.dynamodb.update_item(
                TableName=self.table,
                Key=marshal(keys.demand(sku, 0, WAITING)),
                UpdateExpression=f"SET {name} = :at",
                ConditionExpression="attribute_exists(units)",
                ExpressionAttributeValues=marshal({":at": to_text(at)}),
            )

    def first(self, sku: str, most: int) -> list[Waiting]:
        """The first orders in line, read consistently."""
        return self.ahead(sku, _BEHIND_ALL, most)

    def ahead(self, sku: str, rank: str, most: int) -> list[Waiting]:
        """The first orders in line that stand before that rank, read consistently."""
        answer = self.dynamodb.query(
            TableName=self.table,
            KeyConditionExpression="pk = :line AND sk < :rank",
            ExpressionAttributeValues=marshal({":line": keys.line(sku), ":rank": rank}),
            ConsistentRead=True,
            Limit=most,
        )
        return [_waiting(unmarshal(item)) for item in answer["Items"]]

    def line(self, sku: str) -> Iterator[Waiting]:
        """All that wait for the SKU, the first in line first, read consistently."""
        pages = query(
            self.dynamodb,
            TableName=self.table,
            KeyConditionExpression="pk = :line",
            ExpressionAttributeValues=marshal({":line": keys.line(sku)}),
            ConsistentRead=True,
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


def _is_asked(item: Mapping[str, Any], old: str) -> bool:
    asked: str = item.get("look_at", "")
    return asked > item.get("looked_at", "") and asked >= old
