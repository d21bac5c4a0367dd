"""A reservation as items of a transaction: itself, and the listings that its expiry is found by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from dom.aws import keys
from dom.aws.codec import to_plain
from dom.aws.dynamo import marshal
from dom.aws.transactions import Write
from dom.model.reservation import ReservationChange

# What came to its end is kept for questions, then DynamoDB forgets it.
KEPT = timedelta(days=30)


def reservation_writes(table: str, change: ReservationChange, at: datetime) -> Iterator[Write]:
    """The guarded put of the record, then its listings that end and begin."""
    name = change.after.id
    yield Write("reservation", name, _put(table, change, at))
    for moment, sku in sorted(change.delisted, key=str):
        key = marshal(keys.listing(moment, sku, name))
        yield Write("listing", str(key), {"Delete": {"TableName": table, "Key": key}})
    for moment, sku in sorted(change.listed, key=str):
        item = marshal({**keys.listing(moment, sku, name), "reservation_id": name})
        yield Write("listing", str(item), {"Put": {"TableName": table, "Item": item}})


def _put(table: str, change: ReservationChange, at: datetime) -> Mapping[str, Any]:
    after = replace(change.after, version=change.version + 1)
    item = {**to_plain(after), **keys.reservation(after.id)}
    if not after.status.keeps:
        item["forget_at"] = int((at + KEPT).timestamp())
    put = {"TableName": table, "Item": marshal(item)}
    guard: Mapping[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
    if change.version:
        guard = {
            "ConditionExpression": "version = :read",
            "ExpressionAttributeValues": marshal({":read": change.version}),
        }
    return {"Put": {**put, **guard}}
