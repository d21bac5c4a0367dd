"""Counts in the Inventory table, by location and time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.guards import put_unchanged
from dom.aws.reads import get, newest
from dom.errors import NotFound, Outdated
from dom.model.count import StockCount
from dom.model.ids import LocationId

KEPT = timedelta(days=400)
PAGE = 20


@dataclass(frozen=True, slots=True)
class CountStore:
    """`dom.inventory.counts.ports.Counts` on DynamoDB. Counts expire."""

    dynamodb: Any
    table: str

    def receive(self, count: StockCount) -> StockCount:
        """See the port."""
        return count if self._put(count, None) else self.load(count.location_id, count.id)

    def load(self, location_id: LocationId, count_id: str) -> StockCount:
        """See the port."""
        item = get(self.dynamodb, self.table, keys.stock_count(location_id, count_id))
        if item is None:
            raise NotFound("count", count_id)
        return from_plain(StockCount, item)

    def save(self, count: StockCount) -> StockCount:
        """See the port."""
        made = replace(count, version=count.version + 1)
        if not self._put(made, count.version):
            found = self.load(count.location_id, count.id).version
            raise Outdated("count", count.id, count.version, found)
        return made

    def page(self, location_id: LocationId, after: str = "") -> tuple[list[StockCount], str]:
        """Some counts of a location, newest first, and the id to go on after ("": the end)."""
        start = keys.stock_count(location_id, after)
        items, more = newest(self.dynamodb, self.table, start, PAGE, after=bool(after))
        found = [from_plain(StockCount, item) for item in items]
        return found, found[-1].id if more else ""

    def _put(self, count: StockCount, seen: int | None) -> bool:
        key = keys.stock_count(count.location_id, count.id)
        forget = int((count.created_at + KEPT).timestamp())
        item = {**to_plain(count), **key, "forget_at": forget}
        return put_unchanged(self.dynamodb, self.table, item, seen)
