"""The lines of orders that wait for SKUs, in the Inventory table: `dom.model.queue`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import marshal, unmarshal
from dom.aws.reads import batch_get, query
from dom.errors import Busy
from dom.model.clock import Clock, system_clock, to_text
from dom.model.demand import WAITING
from dom.model.ids import Sku
from dom.model.prospect import Wait
from dom.model.queue import Place, Waiting

_ID = "#"
# Ranks begin with a digit.
_BEHIND_ALL = "~"
FORGOTTEN = timedelta(minutes=15)
ATTEMPTS = 5
NONE: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class LineStore:
    """The lines, read side; and who is asked to look along them."""

    dynamodb: Any
    table: str
    clock: Clock = system_clock

    def lengths(self, skus: Iterable[str]) -> dict[Sku, int]:
        """Units that stand in line for those of the SKUs that anybody waits for: a batch read."""
        wanted = [keys.demand(sku, 0, WAITING) for sku in skus]
        items = batch_get(self.dynamodb, self.table, wanted)
        return {Sku(item["sku"]): item["units"] for item in items if item["units"]}

    def ask_look(self, sku: str) -> bool:
        """Note that somebody is asked to look along it; False: somebody is, and has not begun.

        Whoever has not begun after `FORGOTTEN` never will. Busy: ask again.
        """
        now = self.clock()
        values = {":now": to_text(now), ":old": to_text(now - FORGOTTEN)}
        fresh = "(attribute_not_exists(look_at) OR look_at < :old)"
        return self._look(sku, "SET look_at = :now", f" AND {fresh}", values)

    def begin_look(self, sku: str) -> None:
        """Whatever moves from now on needs another look. Busy: begin again."""
        self._look(sku, "REMOVE look_at")

    def _look(
        self, sku: str, update: str, condition: str = "", values: Mapping[str, object] = NONE
    ) -> bool:
        request = {
            "TableName": self.table,
            "Key": marshal(keys.demand(sku, 0, WAITING)),
            "UpdateExpression": update,
            "ConditionExpression": f"attribute_exists(units){condition}",
            **({"ExpressionAttributeValues": marshal(values)} if values else {}),
        }
        refused = self.dynamodb.exceptions
        for _ in range(ATTEMPTS):
            # Whoever comes into line, or leaves it, writes the same item in a transaction.
            with suppress(refused.TransactionConflictException):
                try:
                    self.dynamodb.update_item(**request)
                except refused.ConditionalCheckFailedException:
                    return False
                return True
        raise Busy(f"the line of {sku} keeps moving")

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
