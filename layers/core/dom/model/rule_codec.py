"""Rule sets as plain data (what JSON and YAML hold) and back, by their type hints.

A field that is not given has its default. A mapping that has a default is laid over it: what is
given replaces entries, null takes one away. Overlays are flat: their rule's fields are their own.
Trusts its input: what comes from people is checked by `dom.api.ruleset_document` first.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache, partial
from typing import Any, Union, get_args, get_origin, get_type_hints

from dom.model.overlay import Change
from dom.model.rules import Fences, RuleSet, Weights

Plain = dict[str, Any]
# Mappings that change fields of another class by name.
PARTS: Mapping[tuple[type, str], type] = {
    (Change, "weights"): Weights,
    (Change, "fences"): Fences,
}
# Fields whose own fields stand in their place.
INLINE = frozenset({"rule"})
# Given from outside, not written in the document.
OUTSIDE = frozenset({"version"})


def encode(rules: RuleSet, *, full: bool = True) -> Plain:
    """The rule set without its version, complete or only what differs from the defaults."""
    return {k: v for k, v in _encode_fields(rules, full).items() if k not in OUTSIDE}


def decode(plain: Mapping[str, Any], version: str) -> RuleSet:
    """The rule set of that version; ValueError if its parts do not fit each other."""
    return build(RuleSet, {**plain, "version": version})  # type: ignore[no-any-return]


def build(cls: Any, plain: Mapping[str, Any]) -> Any:
    """The dataclass `cls` with the fields that are given; what it does not know is passed over."""
    return cls(**{one.name: _field(cls, one, plain) for one in fields(cls) if _given(one, plain)})


def default_of(one: Field[Any]) -> Any:
    """The default of a field, MISSING if it has none."""
    return one.default if one.default_factory is MISSING else one.default_factory()


@cache
def hints_of(cls: Any) -> dict[str, Any]:
    """The field types of a dataclass, resolved."""
    return get_type_hints(cls)


def plain_type(hint: Any) -> tuple[Any, bool]:
    """The hint without NewType and None, and whether None was one of its types."""
    if get_origin(hint) in (Union, types.UnionType):
        inner = [arg for arg in get_args(hint) if arg is not type(None)]
        return plain_type(inner[0])[0], True
    return getattr(hint, "__supertype__", hint), False


def _given(one: Field[Any], plain: Mapping[str, Any]) -> bool:
    return one.name in plain or one.name in INLINE


def _field(cls: Any, one: Field[Any], plain: Mapping[str, Any]) -> Any:
    hint = hints_of(cls)[one.name]
    if one.name in INLINE:
        return build(hint, plain)
    if (cls, one.name) in PARTS:
        part = hints_of(PARTS[cls, one.name])
        return {name: _decode(part[name], value) for name, value in plain[one.name].items()}
    value, default = _decode(hint, plain[one.name]), default_of(one)
    if isinstance(default, Mapping):
        return {k: v for k, v in {**default, **value}.items() if v is not None}
    return value


def _decode(hint: Any, value: Any) -> Any:
    kind, _ = plain_type(hint)
    if value is None:
        return None
    origin, args = get_origin(kind), get_args(kind)
    if origin is tuple or origin is frozenset:
        return origin(_decode(args[0], inner) for inner in value)
    if origin is not None:
        return {_decode(args[0], k): _decode(args[1], v) for k, v in value.items()}
    return build(kind, value) if is_dataclass(kind) else _leaf(kind)(value)


def _leaf(kind: Any) -> Callable[[Any], Any]:
    if kind in (datetime, date, time):
        return kind.fromisoformat  # type: ignore[no-any-return]
    return kind if isinstance(kind, type) and issubclass(kind, Enum) else lambda value: value


def _encode_fields(value: Any, full: bool) -> Plain:
    plain: Plain = {}
    for one in fields(value):
        inner, default = getattr(value, one.name), default_of(one)
        if one.name in INLINE:
            plain |= _encode_fields(inner, full)
        elif isinstance(inner, Mapping) and isinstance(default, Mapping):
            plain |= _laid_over(one.name, inner, default, full)
        elif full or inner != default:
            plain[one.name] = _encode(inner, full)
    return plain


def _laid_over(
    name: str, value: Mapping[Any, Any], default: Mapping[Any, Any], full: bool
) -> Plain:
    gone = dict.fromkeys(default.keys() - value.keys())
    changed = {k: v for k, v in value.items() if full or k not in default or default[k] != v}
    return {name: _encode({**changed, **gone}, full)} if full or changed or gone else {}


def _encode(value: Any, full: bool) -> Any:
    again = partial(_encode, full=full)
    if is_dataclass(value):
        return _encode_fields(value, full)
    if isinstance(value, Mapping):
        pairs = ((str(again(key)), again(inner)) for key, inner in value.items())
        return dict(sorted(pairs))
    if isinstance(value, frozenset):
        return sorted(map(again, value))
    if isinstance(value, tuple):
        return [again(inner) for inner in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | time):
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    return value.isoformat() if isinstance(value, date) else value
