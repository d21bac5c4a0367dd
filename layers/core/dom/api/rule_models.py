"""The pydantic model of a rule set's document, made of the dataclasses it describes.

So there is one list of fields, in `dom.model`; here stands only what values of a type may be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from dataclasses import Field as DataclassField
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from types import GenericAlias
from typing import Annotated, Any, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    create_model,
    model_validator,
)

from dom.api.locations import known_timezone
from dom.model.overlay import AT_LOCATION, Change, Overlay
from dom.model.rate_card import RateCard
from dom.model.rule_codec import INLINE, OUTSIDE, PARTS, build, default_of, hints_of, plain_type
from dom.model.rules import Fences, RuleSet, Weights
from dom.model.scope import When, Where

MOST_AMOUNT = 10**12
MOST_ITEMS = 5_000


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


def _text(pattern: str, parse: Callable[[str], object], example: str) -> Any:
    """Text of that form which `parse` takes, too."""

    def check(text: str) -> str:
        try:
            parse(text if re.fullmatch(pattern, text, re.ASCII) else "")
        except ValueError:
            raise ValueError(f"it must be like {example}") from None
        return text

    schema: dict[str, Any] = {"pattern": f"^{pattern}$", "example": example}
    return Annotated[str, Field(max_length=40, json_schema_extra=schema), AfterValidator(check)]


def _zone(name: str) -> str:
    return name if name == AT_LOCATION else known_timezone(name)


_TIME, _DATE = r"\d\d:\d\d(:\d\d)?", r"\d{4}-\d\d-\d\d"
Amount = Annotated[int, Field(ge=0, le=MOST_AMOUNT)]
Signed = Annotated[int, Field(ge=-MOST_AMOUNT, le=MOST_AMOUNT)]
Percent = Annotated[int, Field(ge=0, le=1_000)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Countries = Annotated[list[Country], Field(max_length=300)]
LEAVES: Mapping[Any, Any] = {
    int: Amount,
    bool: bool,
    str: Name,
    time: _text(_TIME, time.fromisoformat, "14:00"),
    date: _text(_DATE, date.fromisoformat, "2026-12-25"),
    datetime: _text(f"{_DATE}[T ]{_TIME}", datetime.fromisoformat, "2026-11-27T00:00"),
}
# So many that a card can be judged pair by pair (dom.rulesets.lint).
Ladder = Annotated[list[Amount], Field(min_length=1, max_length=200)]
Row = Annotated[list[Amount], Field(min_length=1, max_length=50)]
# Fields that allow less, or more, than their type says.
SPECIAL: Mapping[tuple[type, str], Any] = {
    (Weights, "last_unit"): Percent,
    (Weights, "markdown"): Percent,
    (Fences, "ships_to"): dict[Country, Countries],
    (RateCard, "edges_km"): Annotated[list[Amount], Field(max_length=49)],
    (RateCard, "breaks_grams"): Ladder,
    (RateCard, "prices"): Annotated[list[Row], Field(min_length=1, max_length=200)],
    (Change, "parcel"): Signed,
    (Change, "unit"): Signed,
    (When, "countries"): Countries,
    (Where, "countries"): Countries,
    (Overlay, "priority"): Signed,
    (Overlay, "timezone"): Annotated[str, Field(max_length=64), AfterValidator(_zone)],
}


@cache
def document_of(cls: Any) -> type[BaseModel]:
    """The model of a dataclass's document: unknown fields are refused, defaults may be left out."""
    members = _members(cls)
    validators = {"fits": _fits(cls)} if hasattr(cls, "__post_init__") else {}
    return _model(cls, members, validators)


def _members(cls: Any) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for one in fields(cls):
        if one.name in INLINE:
            members |= _members(hints_of(cls)[one.name])
        elif one.name not in OUTSIDE:
            members[one.name] = _member(cls, one)
    return members


def _model(cls: Any, members: Mapping[str, Any], validators: Mapping[str, Any]) -> type[BaseModel]:
    return create_model(
        f"{cls.__name__}Document",
        __base__=_Document,
        __doc__=cls.__doc__,
        __validators__=dict(validators),
        **members,
    )


def _fits(cls: Any) -> Any:
    """What the dataclass itself refuses: parts that do not fit each other."""

    def check(document: BaseModel) -> BaseModel:
        build(cls, document.model_dump(exclude_unset=True))
        return document

    return model_validator(mode="after")(check)


def _member(cls: Any, one: DataclassField[Any]) -> tuple[Any, Any]:
    """Type and default. The default is for readers of the schema: the dataclass has its own."""
    if (cls, one.name) in PARTS:
        return _part(PARTS[cls, one.name]), Field(default_factory=dict)
    hint, default = hints_of(cls)[one.name], default_of(one)
    kind = SPECIAL.get((cls, one.name)) or _type(hint)
    if plain_type(hint)[1]:
        kind = kind | None
    return kind, ... if default is MISSING else Field(default_factory=lambda: default)


@cache
def _part(cls: Any) -> type[BaseModel]:
    """Some fields of a class, by name: those that a rule can replace."""
    simple = {
        one.name: _member(cls, one)
        for one in fields(cls)
        if cls is not Weights or plain_type(hints_of(cls)[one.name])[0] is int
    }
    return create_model(f"{cls.__name__}ChangeDocument", __base__=_Document, **simple)  # type: ignore[call-overload, no-any-return]


def _type(hint: Any) -> Any:
    kind, optional = plain_type(hint)
    origin, args = get_origin(kind), get_args(kind)
    if origin in (tuple, frozenset):
        items = GenericAlias(list, (_type(args[0]),))
        return Annotated[items, Field(max_length=MOST_ITEMS), BeforeValidator(_or_empty(list))]
    if origin is not None:
        # null takes an entry of the defaults away, where there can be none.
        value = args[1] if is_dataclass(args[1]) else args[1] | None
        entries = GenericAlias(dict, (_type(args[0]), _type(value)))
        return Annotated[entries, BeforeValidator(_or_empty(dict))]
    if hasattr(kind, "__dataclass_fields__"):
        return Annotated[document_of(kind), BeforeValidator(_or_empty(dict))]
    return _leaf(kind) | None if optional else _leaf(kind)


def _or_empty(kind: Callable[[], Any]) -> Callable[[Any], Any]:
    """A heading with nothing below it is null in YAML, and means nothing."""
    return lambda value: kind() if value is None else value


def _leaf(kind: Any) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Annotated[kind, Field(strict=False)]
    return LEAVES[kind]


RuleSetDocument = document_of(RuleSet)
