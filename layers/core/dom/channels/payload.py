"""What all channels' payload models share: strict reading of JSON, and errors that name a field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, DecimalException
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from dom.errors import InvalidInput
from dom.model.money import Money, parse_money

# Far above any order, far below what a DynamoDB number or a sum of lines cannot hold.
MAX_UNITS = 1_000_000
MAX_MINOR = 10**15
MOST_PLACES = 60
# Titles are for reading in the console; whole ones would not let 800 lines into one item.
TITLE_LENGTH = 60


def _text(value: object) -> object:
    """Amounts and ids come as text or as numbers: keep their digits, never as binary floats."""
    exact = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return str(value) if exact else value


def _blank(value: object) -> object:
    return "" if value is None else value


def _none(value: object) -> object:
    return () if value is None else value


def _currency(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


def _locale(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return text if re.fullmatch(LOCALE, text) else ""


def _day(value: object) -> date | None:
    """The day that a text begins with, whatever it says of the hour; None if it names none. What
    only adds to an event never refuses it.
    """
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _moment(value: object, zone: tzinfo | None = None) -> datetime:
    """An aware instant; a text without an offset is refused, since its zone would be a guess,
    unless one is known.
    """
    if not isinstance(value, str):
        raise ValueError("not a date and time")
    try:
        moment = datetime.fromisoformat(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        if moment.tzinfo is None:
            raise ValueError("has no offset from UTC")
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range") from None


def _utc(value: object) -> datetime:
    """An instant of a channel whose texts are UTC without saying so."""
    return _moment(value, UTC)


T = TypeVar("T")
Many = Annotated[tuple[T, ...], BeforeValidator(_none)]
# A language tag (RFC 5646) such as de or de-AT, as far as messages need it.
LOCALE = r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}"
Digits = Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=64)]
Text = Annotated[str, BeforeValidator(_blank)]
Moment = Annotated[datetime, BeforeValidator(lambda value: _moment(value))]
Utc = Annotated[datetime, BeforeValidator(_utc)]
Day = Annotated[date | None, BeforeValidator(lambda value: _day(value))]
Units = Annotated[int, Field(ge=0, le=MAX_UNITS)]
Currency = Annotated[str, BeforeValidator(_currency), Field(pattern=r"^[A-Z]{3}$")]
# Of a vendor's: anything else is as good as none.
Locale = Annotated[str, BeforeValidator(lambda value: _locale(value))]
SkuText = Annotated[str, BeforeValidator(_blank), Field(max_length=255)]


class Payload(BaseModel):
    """Base of the models: what we do not read is ignored, whatever a new version adds."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, frozen=True)


M = TypeVar("M", bound=Payload)


def read(model: type[M], body: bytes) -> M:
    """The payload as a model; InvalidInput with the path of the first field that is wrong."""
    return validated(model, parsed(body))


def parsed(body: bytes) -> object:
    """The payload's JSON, with exact numbers; InvalidInput if it is none."""
    try:
        return json.loads(body, parse_float=_exact)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("body", f"not JSON: {error}"[:200]) from None


def _exact(text: str) -> Decimal:
    """ValueError beyond any amount: as an integer, 1E+999999999 takes minutes and all memory."""
    number = Decimal(text)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > MOST_PLACES:
        raise ValueError(f"{text[:20]} is out of range")
    return number


def validated(model: type[M], document: object) -> M:
    """The parsed JSON as a model; InvalidInput as for `read`. The value itself is not repeated."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        path = ".".join(str(part) for part in first["loc"]) or "body"
        raise InvalidInput(path, first["msg"]) from None


def distinct(ids: Iterable[str], field: str) -> None:
    """InvalidInput at the first id that repeats one; `field` is its path, `{}` its index."""
    seen: set[str] = set()
    for i, one in enumerate(ids):
        if one in seen:
            raise InvalidInput(field.format(i), "another line has the same id")
        seen.add(one)


def per_unit(total: int, units: int) -> tuple[int, int]:
    """A unit's price, rounded up, and what that is too much for all of them: units times price less
    that is the total to the last minor unit.
    """
    unit = -(-total // units) if units else 0
    return unit, unit * units - total


def money(value: object, currency: str, field: str) -> Money:
    """`parse_money`, with InvalidInput naming the field when it is no amount or absurdly large."""
    try:
        amount = parse_money(value, currency)
    except (ValueError, DecimalException):
        raise InvalidInput(field, "not an amount of money") from None
    if abs(amount.amount) > MAX_MINOR:
        raise InvalidInput(field, "amount out of range")
    return amount
