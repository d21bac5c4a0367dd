"""A file's record as a row of stock, or the field that stands in its way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from dom.errors import InvalidInput
from dom.inventory.files.records import Record, Reject
from dom.model import names
from dom.model.feed import SKEW, check_quantity
from dom.model.feed_source import FeedSource
from dom.model.ids import LocationId, Sku

# Bytes that are not of the file's encoding, as they are handed on.
_UNDECODED = re.compile("[\ud800-\udfff]")
_WHOLE = re.compile(r"([+-]?[0-9]{1,12})(?:\.0*)?")


@dataclass(frozen=True, slots=True)
class Row:
    """Units of a SKU at a location as of the source's time, from a line of the file."""

    line: int
    sku: Sku
    location_id: LocationId
    quantity: int
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for every row of a file: how it is read, its own time, and ours."""

    source: FeedSource
    as_of: datetime
    now: datetime


def read_row(record: Record, frame: Frame) -> Row | Reject:
    """The row of a record."""
    if record.problem:
        return Reject(record.line, "", record.problem)
    try:
        return _row(record, frame)
    except InvalidInput as error:
        text = record.fields.get(frame.source.column(error.field), "")
        return Reject(record.line, error.field, error.reason, str(text)[:200])


def _row(record: Record, frame: Frame) -> Row:
    source, fields = frame.source, record.fields
    quantity = _quantity(fields.get(source.column("quantity")))
    check_quantity(quantity, source.mode, source.quantity_is)
    return Row(
        record.line,
        names.sku(_text("sku", fields, source)),
        _location(fields, source),
        quantity,
        _as_of(fields.get(source.column("as_of")), frame),
    )


def _text(name: str, fields: Mapping[str, object], source: FeedSource) -> str:
    found = fields.get(source.column(name))
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    if not isinstance(found, str):
        raise InvalidInput(name, "it is missing" if found is None else "it is not a text")
    if _UNDECODED.search(found):
        raise InvalidInput(name, f"it is not {source.encoding}")
    return found


def _location(fields: Mapping[str, object], source: FeedSource) -> LocationId:
    if source.location_id:
        return LocationId(source.location_id)
    told = _text("location_id", fields, source).strip()
    if not source.locations:
        return names.location_id(told)
    if told not in source.locations:
        raise InvalidInput("location_id", "the source is not known to have this location")
    return LocationId(source.locations[told])


def _quantity(found: object) -> int:
    """Whole units: `12`, `+3`, `12.0`; not `1,000` or `1e3`, which mean other things to others."""
    if found is None or isinstance(found, bool):
        raise InvalidInput("quantity", "it is missing" if found is None else "it is not a number")
    whole = _WHOLE.fullmatch(str(found).strip())
    if not whole:
        raise InvalidInput("quantity", "it is not a whole number of units")
    return int(whole[1])


def _as_of(found: object, frame: Frame) -> datetime:
    if found is None or found == "":
        return frame.as_of
    return _time(str(found), frame.now)


def time_of_file(told: str | None, uploaded_at: datetime, now: datetime) -> datetime:
    """The time that the file's metadata names, else when it came; InvalidInput: it cannot be."""
    return _time(told, now) if told else uploaded_at


def _time(text: str, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput("as_of", "it is not a time of ISO 8601") from None
    if moment.tzinfo is None:
        raise InvalidInput("as_of", "it has no time zone")
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        raise InvalidInput("as_of", "it is no time of ours") from None
    if utc > now + SKEW:
        raise InvalidInput("as_of", "it lies in the future")
    return utc
