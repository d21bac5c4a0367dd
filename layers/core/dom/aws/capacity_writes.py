"""Capacity as an item of a transaction: slots of a location's day, beside its open flag."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from dom.aws import keys
from dom.aws.dynamo import marshal
from dom.model.commit import CapacityChange, ReturnLoad

# Counters of days long past are dropped as new ones are written.
_STALE_DAYS = range(2, 9)


def capacity_name(day: date) -> str:
    """The attribute that holds a location's slots left on a local day."""
    return f"left#{day.isoformat()}"


def capacity_request(table: str, change: CapacityChange) -> Mapping[str, Any]:
    """Take or give back slots; taking checks the open flag that ops may have just changed.

    One attribute a day, so that the first taking of a day starts from the daily capacity without
    a second write, and a slot given back late reaches its own day.
    """
    base = {"TableName": table, "Key": marshal(keys.location_state(change.location_id))}
    if change.units < 0:
        return {"Update": {**base, **_give_back(change)}}
    if change.units == 0:
        return {"ConditionCheck": {**base, **_OPEN, "ExpressionAttributeValues": _IS_OPEN}}
    if change.daily_capacity is None:
        check = {
            "ConditionExpression": "#open = :open AND attribute_not_exists(daily_capacity)",
            "ExpressionAttributeNames": {"#open": "open"},
            "ExpressionAttributeValues": marshal({":open": True}),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        return {"ConditionCheck": {**base, **check}}
    return {"Update": {**base, **_take(change)}}


def load_request(table: str, load: ReturnLoad) -> Mapping[str, Any]:
    """Count returned units up or down; of a location that is there, else of nobody."""
    return {
        "Update": {
            "TableName": table,
            "Key": marshal(keys.location_state(load.location_id)),
            "UpdateExpression": "ADD #returning :units",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeNames": {"#returning": "returning"},
            "ExpressionAttributeValues": marshal({":units": load.units}),
        }
    }


_IS_OPEN = marshal({":open": True})
_OPEN = {
    "ConditionExpression": "#open = :open",
    "ExpressionAttributeNames": {"#open": "open"},
    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
}


def _give_back(change: CapacityChange) -> Mapping[str, Any]:
    check: dict[str, Any] = _OPEN if change.arrives else {"ExpressionAttributeNames": {}}
    names = {**check["ExpressionAttributeNames"], "#left": capacity_name(change.day)}
    values = {**marshal({":units": -change.units}), **(_IS_OPEN if change.arrives else {})}
    return {
        **check,
        "UpdateExpression": "ADD #left :units",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }


def _take(change: CapacityChange) -> Mapping[str, Any]:
    stale = {f"#old{n}": capacity_name(change.day - timedelta(days=n)) for n in _STALE_DAYS}
    left = "#left >= :units"
    if change.units <= (change.daily_capacity or 0):
        left = f"(attribute_not_exists(#left) OR {left})"
    return {
        "UpdateExpression": (
            f"SET #left = if_not_exists(#left, :capacity) - :units REMOVE {', '.join(stale)}"
        ),
        "ConditionExpression": f"#open = :open AND daily_capacity = :capacity AND {left}",
        "ExpressionAttributeNames": {
            "#open": "open",
            "#left": capacity_name(change.day),
            **stale,
        },
        "ExpressionAttributeValues": marshal(
            {":open": True, ":capacity": change.daily_capacity, ":units": change.units}
        ),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
