"""Plain data to DynamoDB's typed attributes and back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

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
    return {name: _plain(value) for name, value in item.items()}


def _decimals(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {key: _decimals(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_decimals(inner) for inner in value]
    return value


def _plain(value: Any) -> Any:
    """One typed attribute as plain data; boto3's own way takes five times as long for a document.

    Sets and binary values, which are rare here, are left to boto3.
    """
    ((kind, inner),) = value.items()
    if kind == "N":
        return _number(inner)
    if kind == "M":
        return {name: _plain(one) for name, one in inner.items()}
    if kind == "L":
        return [_plain(one) for one in inner]
    return inner if kind in ("S", "BOOL") else _numbers(_deserializer.deserialize(value))


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return cast(float, _numbers(Decimal(text)))


def _numbers(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: _numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_numbers(inner) for inner in value]
    return value
