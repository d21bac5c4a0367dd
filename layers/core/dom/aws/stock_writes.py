"""Stock as items of a transaction: the position, its ledger row, and a new one's document entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dom.aws import keys
from dom.aws.codec import to_plain
from dom.aws.dynamo import marshal
from dom.model.clock import to_text
from dom.model.commit import Commit
from dom.model.stock import StockChange

_ADD_DELTAS = (
    "SET sku = :sku, location_id = :location ADD on_hand :on_hand, unsellable :unsellable, "
    "#reserved :reserved, safety_stock :safety, available :available, version :one"
)


def position_update(table: str, change: StockChange) -> Mapping[str, Any]:
    """The conditional update of a position: deltas added, conditions as StockChange says."""
    condition, guards = _position_guards(change)
    deltas = {
        ":on_hand": change.on_hand,
        ":unsellable": change.unsellable,
        ":reserved": change.reserved,
        ":safety": change.safety_stock,
        ":available": change.available,
        ":one": 1,
        ":sku": change.sku,
        ":location": change.location_id,
    }
    return {
        "Update": {
            "TableName": table,
            "Key": marshal(keys.position(change.sku, change.location_id)),
            "UpdateExpression": _ADD_DELTAS,
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {"#reserved": "reserved"},
            "ExpressionAttributeValues": marshal({**deltas, **guards}),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def _position_guards(change: StockChange) -> tuple[str, dict[str, int]]:
    """The conditions of StockChange as an expression, with the values that only they need."""
    new = change.creates or change.expected_version == 0
    conditions = ["attribute_not_exists(pk)" if new else "attribute_exists(pk)"]
    values: dict[str, int] = {}
    if change.expected_version:
        conditions.append("version = :expected")
        values[":expected"] = change.expected_version
    if change.takes_available:
        conditions.append("available >= :reserved")
    if change.reserved < 0:
        conditions.append("#reserved >= :held")
        values[":held"] = -change.reserved
    return " AND ".join(conditions), values


def availability_update(table: str, change: StockChange) -> Mapping[str, Any]:
    """Name a new position in its SKU's document at once: readers find positions by it alone."""
    return {
        "Update": {
            "TableName": table,
            "Key": marshal(keys.availability(change.sku)),
            "UpdateExpression": "SET locations.#location = :available ADD version :one",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeNames": {"#location": change.location_id},
            "ExpressionAttributeValues": marshal({":available": change.available, ":one": 1}),
        }
    }


def movement_put(table: str, change: StockChange, commit: Commit) -> Mapping[str, Any]:
    """The append-only ledger row of a stock change, named by the commit so that it counts once."""
    row = {
        **keys.movement(change.sku, change.location_id, commit.at, commit.id),
        "commit_id": commit.id,
        "sku": change.sku,
        "location_id": change.location_id,
        "cause": change.cause.value,
        "on_hand": change.on_hand,
        "unsellable": change.unsellable,
        "reserved": change.reserved,
        "safety_stock": change.safety_stock,
        "references": to_plain(change.references),
        "actor": commit.actor,
        "occurred_at": to_text(change.occurred_at or commit.at),
        "recorded_at": to_text(commit.at),
    }
    put = {
        "TableName": table,
        "Item": marshal(row),
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    return {"Put": put}
