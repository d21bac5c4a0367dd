"""Locations and their state in the Network table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from dom.aws import keys
from dom.aws.capacity_shift import capacity_shift
from dom.aws.codec import from_plain, to_plain
from dom.aws.dynamo import marshal
from dom.aws.outlet_store import OutletStore
from dom.aws.reads import Plain, batch_get, get, query
from dom.aws.supplier_store import SupplierStore
from dom.aws.transactions import Write, transact
from dom.aws.updates import update_of
from dom.model.clock import Clock, system_clock
from dom.model.location import Location
from dom.model.outlet import Outlet
from dom.model.supplier import Supplier
from dom.network.ports import LocationRecord


@dataclass(frozen=True, slots=True)
class NetworkStore:
    """`dom.network.ports.LocationStore` on DynamoDB."""

    dynamodb: Any
    table: str
    clock: Clock = system_clock
    options: Mapping[str, Any] = field(default_factory=dict)

    def find(self, location_id: str) -> LocationRecord | None:
        """The record, read consistently, or None."""
        item = get(self.dynamodb, self.table, keys.location(location_id))
        if item is None:
            return None
        record = {"location": item, "history": item.get("history", [])}
        return from_plain(LocationRecord, record)

    def location(self, location_id: str) -> Location | None:
        """The location, read consistently, or None."""
        record = self.find(location_id)
        return record.location if record else None

    def supplier(self, location_id: str) -> Supplier | None:
        """The supplier behind that location, read consistently, or None."""
        return SupplierStore(self.dynamodb, self.table).find(location_id)

    def outlet(self, channel: str, account: str) -> Outlet | None:
        """The outlet, read consistently, or None."""
        return OutletStore(self.dynamodb, self.table).find(channel, account)

    def existing(self, location_ids: Iterable[str]) -> set[str]:
        """Those of the locations that exist, read consistently."""
        wanted = [keys.location(location_id) for location_id in location_ids]
        found = batch_get(self.dynamodb, self.table, wanted)
        return {item["location_id"] for item in found}

    def state(self, location_id: str) -> Plain:
        """Its open flag and what is left of its days, read consistently; {} if there is none."""
        return get(self.dynamodb, self.table, keys.location_state(location_id)) or {}

    def all(self) -> list[Location]:
        """Every location as it stands now, by id, over all pages."""
        items = query(
            self.dynamodb,
            TableName=self.table,
            KeyConditionExpression="pk = :network AND begins_with(sk, :location)",
            ExpressionAttributeValues=marshal(
                {":network": keys.NETWORK, ":location": keys.location("")["sk"]}
            ),
            ConsistentRead=True,
        )
        now = self.clock()
        return [from_plain(Location, item).at(now) for item in items]

    def save(self, record: LocationRecord, previous: Location | None) -> None:
        """Store the record and its state in one transaction; CommitRefused if either changed."""
        location = record.location
        key = keys.location_state(location.location_id)
        state = get(self.dynamodb, self.table, key) or {}
        shift = capacity_shift(state, location, self.clock())
        writes = (
            Write("location", location.location_id, self._description(record, previous)),
            Write("state", location.location_id, update_of(self.table, key, *shift)),
        )
        transact(self.dynamodb, writes, **self.options)

    def _description(self, record: LocationRecord, previous: Location | None) -> Plain:
        """An update, not a put: the relay's own attributes on the item stay as they are."""
        location = record.location
        values = {
            **to_plain(location),
            "history": to_plain(record.history),
            "unrelayed": 1,
        }
        absent = [one.name for one in fields(location) if one.name not in values]
        condition = {"version": previous.version if previous else None}
        key = keys.location(location.location_id)
        return update_of(self.table, key, values, {}, absent, condition)
