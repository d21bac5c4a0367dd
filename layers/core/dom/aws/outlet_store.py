"""Outlets in the Network table, and what they show in the Inventory table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import marshal
from dom.aws.guards import put_unchanged
from dom.aws.reads import batch_get, get, query
from dom.model.ids import Sku
from dom.model.outlet import Listing, Outlet


@dataclass(frozen=True, slots=True)
class OutletStore:
    """`dom.inventory.publish.outlets.Outlets` on DynamoDB."""

    dynamodb: Any
    table: str

    def find(self, channel: str, account: str) -> Outlet | None:
        """The outlet, read consistently, or None."""
        item = get(self.dynamodb, self.table, keys.outlet(channel, account))
        return from_plain(Outlet, item) if item else None

    def all(self) -> list[Outlet]:
        """Every outlet, by channel and account."""
        items = query(
            self.dynamodb,
            TableName=self.table,
            KeyConditionExpression="pk = :outlets",
            ExpressionAttributeValues=marshal({":outlets": keys.OUTLETS}),
            ConsistentRead=True,
        )
        return [from_plain(Outlet, item) for item in items]

    def save(self, outlet: Outlet, previous: Outlet | None) -> bool:
        """Store it if what is stored is still `previous`; False if not."""
        item = {**keys.outlet(outlet.channel, outlet.account), **to_plain(outlet)}
        seen = previous.version if previous else None
        return put_unchanged(self.dynamodb, self.table, item, seen)

    def remove(self, channel: str, account: str) -> None:
        """Nothing is shown there any more; what it shows stays as it is."""
        self.dynamodb.delete_item(TableName=self.table, Key=marshal(keys.outlet(channel, account)))


@dataclass(frozen=True, slots=True)
class ListingStore:
    """`dom.inventory.publish.ports.Listings` on DynamoDB."""

    dynamodb: Any
    table: str

    def load(self, outlet: Outlet, skus: Iterable[Sku]) -> Mapping[Sku, Listing]:
        """See the port."""
        wanted = [keys.listing_at(sku, outlet.channel, outlet.account) for sku in skus]
        found = (from_plain(Listing, x) for x in batch_get(self.dynamodb, self.table, wanted))
        return {listing.sku: listing for listing in found}

    def save(self, listings: Iterable[Listing]) -> None:
        """See the port."""
        for one in listings:
            item = {**keys.listing_at(one.sku, one.channel, one.account), **to_plain(one)}
            self.dynamodb.put_item(TableName=self.table, Item=marshal(item))
