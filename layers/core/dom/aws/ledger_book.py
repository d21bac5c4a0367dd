"""The Inventory table for audits: which positions there are, what made them, and a correction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import marshal, unmarshal
from dom.aws.movement_store import MovementStore, months_of
from dom.aws.reads import Plain, get
from dom.inventory.rebuild import Held
from dom.model.ids import LocationId, Sku
from dom.model.stock import Totals, totals


@dataclass(frozen=True, slots=True)
class DynamoLedgerBook:
    """`dom.inventory.rebuild.LedgerBook` on DynamoDB."""

    dynamodb: Any
    table: str

    def places(self) -> Iterator[tuple[Sku, LocationId]]:
        """Every position, by a scan for the SKUs' documents, which name all of theirs."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.table,
            FilterExpression="sk = :availability",
            ExpressionAttributeValues=marshal({":availability": keys.AVAILABILITY}),
        )
        documents = (unmarshal(item) for page in pages for item in page["Items"])
        return ((one["sku"], place) for one in documents for place in sorted(one["locations"]))

    def held(self, sku: Sku, location_id: LocationId) -> Held | None:
        """The position as stored, read consistently."""
        return _held(self._item(sku, location_id))

    def read(self, sku: Sku, location_id: LocationId) -> tuple[Held | None, Totals]:
        """The position and then the sum of its movements, of all its months, page by page."""
        item = self._item(sku, location_id)
        store = MovementStore(self.dynamodb, self.table)
        rows = (row for month in months_of(item) for row in store.rows(sku, location_id, month))
        return _held(item), totals(rows)

    def correct(self, sku: Sku, location_id: LocationId, found: Held | None, right: Totals) -> bool:
        """Set the position to these figures if it still has its version; False if it moved.

        One that was lost is made again, so that readers and the projection find it.
        """
        version = found.version if found else 0
        values: Plain = {
            **to_plain(right),
            "available": right.available,
            "version": version + 1,
            "sku": sku,
            "location_id": location_id,
            "stocked_at": location_id,
        }
        unchanged = "version = :read" if found else "attribute_not_exists(pk)"
        try:
            self._update(sku, location_id, values, unchanged, {":read": version} if found else {})
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _update(
        self, sku: Sku, location_id: LocationId, values: Plain, condition: str, more: Plain
    ) -> None:
        sets = ", ".join(f"#{name} = :{name}" for name in values)
        self.dynamodb.update_item(
            TableName=self.table,
            Key=marshal(keys.position(sku, location_id)),
            UpdateExpression=f"SET {sets}",
            ConditionExpression=condition,
            ExpressionAttributeNames={f"#{name}": name for name in values},
            ExpressionAttributeValues=marshal(
                {**{f":{name}": value for name, value in values.items()}, **more}
            ),
        )

    def _item(self, sku: Sku, location_id: LocationId) -> Plain:
        return get(self.dynamodb, self.table, keys.position(sku, location_id)) or {}


def _held(item: Plain) -> Held | None:
    if not item:
        return None
    return Held(from_plain(Totals, item), item["available"], item["version"])
