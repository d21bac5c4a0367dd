"""Availability documents in the Inventory table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from dom.aws import keys
from dom.aws.dynamo import marshal, unmarshal
from dom.aws.reads import batch_get, get
from dom.inventory.project import Availability, Units
from dom.model.ids import LocationId, Sku


@dataclass(frozen=True, slots=True)
class DynamoAvailabilityStore:
    """`dom.inventory.project.AvailabilityStore` on DynamoDB."""

    dynamodb: Any
    table: str

    def document(self, sku: Sku) -> Availability:
        """The stored document, read consistently; an empty one of version 0 if there is none."""
        item = get(self.dynamodb, self.table, keys.availability(sku))
        return Availability(sku, item["locations"], item["version"]) if item else Availability(sku)

    def available(self, sku: Sku, locations: Iterable[LocationId]) -> Units:
        """`available` of the positions that exist, read consistently."""
        wanted = [keys.position(sku, location) for location in locations]
        items = batch_get(self.dynamodb, self.table, wanted)
        return {item["location_id"]: item["available"] for item in items}

    def replace(self, document: Availability) -> bool:
        """Store it as version + 1 if the stored version is still its own; False if not."""
        item = {
            **keys.availability(document.sku),
            "sku": document.sku,
            "locations": dict(document.locations),
            "version": document.version + 1,
        }
        unchanged = "version = :read" + ("" if document.version else " OR attribute_not_exists(pk)")
        try:
            self.dynamodb.put_item(
                TableName=self.table,
                Item=marshal(item),
                ConditionExpression=unchanged,
                ExpressionAttributeValues=marshal({":read": document.version}),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def known(self) -> Iterator[tuple[Sku, LocationId]]:
        """Every (SKU, location) that a position or a document names, by a scan: for operators."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.table,
            FilterExpression="sk IN (:position, :availability)",
            ExpressionAttributeValues=marshal(
                {":position": keys.POSITION, ":availability": keys.AVAILABILITY}
            ),
        )
        for page in pages:
            for item in map(unmarshal, page["Items"]):
                yield from _named(item)


def _named(item: dict[str, Any]) -> Iterator[tuple[Sku, LocationId]]:
    locations = [item["location_id"]] if item["sk"] == keys.POSITION else item["locations"]
    return ((item["sku"], location) for location in locations)
