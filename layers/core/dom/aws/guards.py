"""Items with a version: written only if what is stored is still what was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dom.aws.dynamo import marshal


def unchanged(version: int | None) -> dict[str, Any]:
    """The condition that an item still has this version; None: that there is none."""
    if version is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "#version = :read",
        "ExpressionAttributeNames": {"#version": "version"},
        "ExpressionAttributeValues": marshal({":read": version}),
    }


def put_unless_newer(dynamodb: Any, table: str, item: Mapping[str, Any], name: str) -> bool:
    """Store the item unless what is stored has a greater attribute of that name; False if so."""
    try:
        dynamodb.put_item(
            TableName=table,
            Item=marshal(item),
            ConditionExpression="attribute_not_exists(pk) OR #name <= :mine",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues=marshal({":mine": item[name]}),
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def put_unchanged(dynamodb: Any, table: str, item: Mapping[str, Any], version: int | None) -> bool:
    """Store the item if what is stored still has this version; False if not."""
    try:
        dynamodb.put_item(TableName=table, Item=marshal(item), **unchanged(version))
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True
