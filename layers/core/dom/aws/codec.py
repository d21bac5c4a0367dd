"""Model dataclasses to plain data (as stored and as JSON) and back, by their type hints.

Enums become values, datetimes and dates ISO text, tuples and frozensets lists. Fields equal to
None are left out; unknown attributes are ignored, so that stored items outlive a deployment.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from dom.model.clock import from_text, to_text

T = TypeVar("T")
Decoder = Callable[[Any], Any]


def to_plain(value: Any) -> Any:
    """Dataclasses, enums and times as dicts, lists and scalars."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name, getattr(value, f.name)) for f in fields(value))
        return {name: to_plain(inner) for name, inner in pairs if inner is not None}
    if isinstance(value, Mapping):
        return {str(to_plain(key)): to_plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [to_plain(inner) for inner in value]
    if isinstance(value, frozenset | set):
        return sorted(to_plain(inner) for inner in value)
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return to_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def from_plain(cls: type[T], data: Mapping[str, Any]) -> T:
    """The dataclass `cls` from plain data; TypeError when a required field is missing."""
    return cast(T, _decoder(cast(Any, cls))(data))


@cache
def _decoder(hint: Any) -> Decoder:
    if hasattr(hint, "__supertype__"):  # NewType
        return _decoder(hint.__supertype__)
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _optional(hint)
    if origin is not None:
        return _generic(origin, get_args(hint))
    if is_dataclass(hint):
        return _dataclass(hint)
    return _leaf(hint)


def _optional(hint: Any) -> Decoder:
    inner = [arg for arg in get_args(hint) if arg is not type(None)]
    if len(inner) != 1:
        return lambda value: value
    decode = _decoder(inner[0])
    return lambda value: None if value is None else decode(value)


def _generic(origin: Any, args: tuple[Any, ...]) -> Decoder:
    if origin is tuple or origin is frozenset:
        decode = _decoder(args[0])
        return lambda value: origin(decode(inner) for inner in value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        key, inner = _decoder(args[0]), _decoder(args[1])
        return lambda value: {key(k): inner(v) for k, v in value.items()}
    return lambda value: value


def _dataclass(cls: Any) -> Decoder:
    hints = get_type_hints(cls)
    decoders = {f.name: _decoder(hints[f.name]) for f in fields(cls)}
    # None is left out when it is stored; a field without a default must be told again.
    unsaid: dict[str, Any] = {
        f.name: None
        for f in fields(cls)
        if f.default is MISSING
        and f.default_factory is MISSING
        and type(None) in get_args(hints[f.name])
    }

    def decode(data: Mapping[str, Any]) -> Any:
        known = {name: decoders[name](data[name]) for name in decoders if name in data}
        return cls(**{**unsaid, **known})

    return decode


def _leaf(hint: Any) -> Decoder:
    if hint is datetime:
        return from_text
    if hint is date:
        return date.fromisoformat
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return float if hint is float else lambda value: value
