"""Plain data to DynamoDB's typed attributes and back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

_serializer = TypeSerializer()
_deserializer = TypeDeserializer()


def marshal(data: Mapping[str, Any]) -> dict[str, Any]:
    """Typed attributes of plain data; floats become exact decimals of their shortest text."""
    return {name: attribute(value) for name, value in data.items()}


def attribute(value: Any) -> Any:
    """One typed attribute value, such as `{"S": "x"}`."""
    return _serializer.serialize(_decimals(value))


def unmarshal(item: Mapping[str, Any]) -> dict[str, Any]:
    """Plain data of an item; numbers become int, or float when they have decimals."""
    return {name: _numbers(_deserializer.deserialize(value)) for name, value in item.items()}


def _decimals(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {key: _decimals(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_decimals(inner) for inner in value]
    return value


def _numbers(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: _numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_numbers(inner) for inner in value]
    return value
