"""Stock as items of a transaction: the position, its ledger row, and a new one's document entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dom.aws import keys
from dom.aws.codec import to_plain
from dom.aws.dynamo import marshal
from dom.model.clock import to_text
from dom.model.commit import Commit
from dom.model.demand import Counter
from dom.model.ids import Sku
from dom.model.stock import StockChange

# `months` lists the ledger's partitions of the position: readers need not guess them.
_ADD_DELTAS = (
    "SET sku = :sku, location_id = :location, stocked_at = :location, moved_at = :moved{more} "
    "ADD on_hand :on_hand, unsellable :unsellable, #reserved :reserved, safety_stock :safety, "
    "available :available, version :one, months :months"
)


def position_update(table: str, change: StockChange, at: datetime) -> Mapping[str, Any]:
    """The conditional update of a position: deltas added, conditions as StockChange says.

    `at` is when it is recorded.
    """
    condition, guards = _position_guards(change)
    extra = _extra(change)
    deltas = {
        ":on_hand": change.on_hand,
        ":unsellable": change.unsellable,
        ":reserved": change.reserved,
        ":safety": change.safety_stock,
        ":available": change.available,
        ":one": 1,
        ":sku": change.sku,
        ":location": change.location_id,
        ":moved": to_text(at),
        ":months": {keys.month(change.occurred_at or at)},
    }
    more = "".join(f", {name} = :{name}" for name in extra)
    return {
        "Update": {
            "TableName": table,
            "Key": marshal(keys.position(change.sku, change.location_id)),
            "UpdateExpression": _ADD_DELTAS.format(more=more),
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {"#reserved": "reserved"},
            "ExpressionAttributeValues": marshal({**deltas, **guards, **_values(extra)}),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def _extra(change: StockChange) -> dict[str, object]:
    """What only some changes set: the newest snapshot; a new position lists all of its months."""
    extra: dict[str, object] = {"months_complete": True} if _is_new(change) else {}
    if change.snapshot_at:
        extra["last_snapshot_at"] = to_text(change.snapshot_at)
    return extra


def _values(attributes: Mapping[str, object]) -> dict[str, object]:
    return {f":{name}": value for name, value in attributes.items()}


def _is_new(change: StockChange) -> bool:
    return change.creates or change.expected_version == 0


def _position_guards(change: StockChange) -> tuple[str, dict[str, int]]:
    """The conditions of StockChange as an expression, with the values that only they need."""
    conditions = ["attribute_not_exists(pk)" if _is_new(change) else "attribute_exists(pk)"]
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


def demand_update(table: str, name: Counter, units: int) -> Mapping[str, Any]:
    """Add to a counter of what orders count; it begins at 0. Its version says that it moved."""
    named = "sku = :sku, fence = :fence" if name.fence else "sku = :sku"
    fence = {":fence": name.fence} if name.fence else {}
    return {
        "Update": {
            "TableName": table,
            "Key": marshal(keys.demand(*name)),
            "UpdateExpression": f"SET {named} ADD units :units, version :one",
            "ExpressionAttributeValues": marshal(
                {":sku": name.sku, ":units": units, ":one": 1, **fence}
            ),
        }
    }


def availability_update(table: str, sku: Sku, created: Sequence[StockChange]) -> Mapping[str, Any]:
    """Name new positions in their SKU's document at once: readers find positions by it alone."""
    sets = ", ".join(f"locations.#l{n} = :a{n}" for n in range(len(created)))
    values = {f":a{n}": change.available for n, change in enumerate(created)}
    return {
        "Update": {
            "TableName": table,
            "Key": marshal(keys.availability(sku)),
            "UpdateExpression": f"SET {sets} ADD version :one",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeNames": {
                f"#l{n}": one.location_id for n, one in enumerate(created)
            },
            "ExpressionAttributeValues": marshal({**values, ":one": 1}),
        }
    }


def movement_put(table: str, change: StockChange, commit: Commit) -> Mapping[str, Any]:
    """The append-only ledger row of a stock change, named by its fact so that it counts once.

    It lies in the month in which it occurred: told again in another month it meets itself.
    """
    occurred_at, name = change.occurred_at or commit.at, change.id or commit.id
    row = {
        **keys.movement(change.sku, change.location_id, occurred_at, name),
        "commit_id": name,
        "sku": change.sku,
        "location_id": change.location_id,
        "cause": change.cause.value,
        "on_hand": change.on_hand,
        "unsellable": change.unsellable,
        "reserved": change.reserved,
        "safety_stock": change.safety_stock,
        "references": to_plain(change.references),
        "actor": commit.actor,
        "occurred_at": to_text(occurred_at),
        "recorded_at": to_text(commit.at),
    }
    put = {
        "TableName": table,
        "Item": marshal(row),
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    return {"Put": put}
