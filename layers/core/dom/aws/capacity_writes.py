"""Capacity as an item of a transaction: slots of a location's day, beside its open flag."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from dom.aws import keys
from dom.aws.dynamo import marshal
from dom.model.clock import to_text
from dom.model.commit import CapacityChange, ReturnLoad

# Counters of days long past are dropped as new ones are written.
_STALE_DAYS = range(2, 9)


def capacity_name(day: date) -> str:
    """The attribute that holds a location's slots left on a local day."""
    return f"left#{day.isoformat()}"


def capacity_request(table: str, change: CapacityChange, at: datetime) -> Mapping[str, Any]:
    """Take or give back slots; taking checks at that instant whether it is open, as ops may have
    just changed it.

    One attribute a day, so that the first taking of a day starts from the daily capacity without
    a second write, and a slot given back late reaches its own day.
    """
    base = {"TableName": table, "Key": marshal(keys.location_state(change.location_id))}
    if change.units < 0:
        return {"Update": {**base, **_give_back(change, at)}}
    if change.units == 0:
        return {"ConditionCheck": {**base, **_open(at)}}
    if change.daily_capacity is None:
        return {"ConditionCheck": {**base, **_open(at, "attribute_not_exists(daily_capacity)")}}
    return {"Update": {**base, **_take(change, at)}}


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


def _open(at: datetime, *conditions: str, **values: object) -> dict[str, Any]:
    """The condition that the location is open then, and whatever else must hold.

    One that is closed until a time is open from then on, although nobody has written that down.
    """
    is_open = "(#open = :open OR #until <= :at)"
    return {
        "ConditionExpression": " AND ".join((is_open, *conditions)),
        "ExpressionAttributeNames": {"#open": "open", "#until": "closed_until"},
        "ExpressionAttributeValues": marshal({":open": True, ":at": to_text(at), **values}),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def _give_back(change: CapacityChange, at: datetime) -> Mapping[str, Any]:
    units: dict[str, object] = {":units": -change.units}
    check = _open(at, **units) if change.arrives else {"ExpressionAttributeValues": marshal(units)}
    names = {**check.get("ExpressionAttributeNames", {}), "#left": capacity_name(change.day)}
    return {
        **check,
        "UpdateExpression": "ADD #left :units",
        "ExpressionAttributeNames": names,
    }


def _take(change: CapacityChange, at: datetime) -> Mapping[str, Any]:
    stale = {f"#old{n}": capacity_name(change.day - timedelta(days=n)) for n in _STALE_DAYS}
    left = "#left >= :units"
    if change.units <= (change.daily_capacity or 0):
        left = f"(attribute_not_exists(#left) OR {left})"
    values = {":capacity": change.daily_capacity, ":units": change.units}
    check = _open(at, "daily_capacity = :capacity", left, **values)
    names = {**check["ExpressionAttributeNames"], "#left": capacity_name(change.day), **stale}
    return {
        **check,
        "UpdateExpression": (
            f"SET #left = if_not_exists(#left, :capacity) - :units REMOVE {', '.join(stale)}"
        ),
        "ExpressionAttributeNames": names,
    }
