"""The description of a source of files: what may be asked of it, field by field."""

from __future__ import annotations

import codecs
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from dom.errors import InvalidInput
from dom.model import names
from dom.model.feed import FeedMode, QuantityIs
from dom.model.feed_source import FeedSource, FileFormat, Gate, Pull

MOST_LOCATIONS = 500
# Python's text encodings include some that are none: these turn bytes into bytes, or read escapes.
_NOT_TEXT = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"})
Percent = Annotated[int, Field(ge=0, le=100_000, strict=True)]
Column = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class GateBody(BaseModel):
    """Shares in percent from which a person looks at a file before it is written; null: never.

    Fewer rows than the last applied file; more or fewer units than now, over the positions that the
    file names; positions that change, or have nothing left; SKUs we never heard of; rows that
    cannot be used. A share of fewer than `least` rows, positions or SKUs is not judged.
    """

    model_config = ConfigDict(extra="forbid")

    rows_percent: Percent | None = 50
    units_percent: Percent | None = 50
    changed_percent: Percent | None = None
    emptied_percent: Percent | None = 20
    unknown_percent: Percent | None = 20
    rejected_percent: Percent | None = 10
    least: Annotated[int, Field(ge=1, le=1_000_000, strict=True)] = 20


class PullBody(BaseModel):
    """The source is asked for its stock, by GET. `items`: the path of the list of records in each
    JSON page (`data.items`, "." for the answer itself); without it the answer is the file.
    `following`: the path of the next page's address, or with `cursor` of the value that this query
    parameter takes for the next page; without it the Link header says it.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    url: Annotated[str, Field(max_length=2_000, pattern=r"^https://[!-~]+$")]
    every_minutes: Annotated[int, Field(ge=5, le=10_080, strict=True)] = 60
    items: Annotated[str, Field(max_length=200)] = ""
    following: Annotated[str, Field(max_length=200)] = ""
    cursor: Annotated[str, Field(max_length=100)] = ""


class FeedSourceBody(BaseModel):
    """How files of a source are read. `columns`: our names to the file's, where they differ.

    A file without locations is all of `location_id`. `locations`: the file's names of locations to
    ours; if given, others are refused. `complete` (snapshots): what a file does not name does not
    lie at the locations that it names. Files are refused while `active` is false.
    """

    model_config = ConfigDict(extra="forbid")

    format: FileFormat = FileFormat.CSV
    mode: FeedMode
    quantity_is: QuantityIs = QuantityIs.ON_HAND
    columns: dict[Literal["sku", "location_id", "quantity", "as_of"], Column] = {}
    location_id: str = ""
    locations: Annotated[dict[Name, str], Field(max_length=MOST_LOCATIONS)] = {}
    delimiter: Annotated[str, Field(min_length=1, max_length=1, pattern=r'^[^\r\n" ]$')] = ","
    encoding: Annotated[str, Field(min_length=1, max_length=40)] = "utf-8"
    complete: bool = Field(False, strict=True)
    active: bool = Field(True, strict=True)
    gate: GateBody = GateBody()
    pull: PullBody | None = None

    @field_validator("encoding")
    @classmethod
    def _of_text(cls, value: str) -> str:
        try:
            name = codecs.lookup(value).name.replace("-", "_")
            "a".encode(name)
        except (LookupError, ValueError):
            raise ValueError("Python knows no text encoding of this name") from None
        if name in _NOT_TEXT:
            raise ValueError("it is no encoding of files")
        return value

    @model_validator(mode="after")
    def _sensible(self) -> FeedSourceBody:
        if self.complete and self.mode is FeedMode.DELTA:
            raise ValueError("changes cannot be complete")
        if self.location_id and (self.locations or "location_id" in self.columns):
            raise ValueError("either every row is of location_id, or each names its own")
        if self.pull and self.pull.items and self.format is not FileFormat.NDJSON:
            raise ValueError("pages of records become NDJSON")
        if len(set(self.columns.values())) != len(self.columns):
            raise ValueError("two columns have one name")
        return self

    def source(self, name: str) -> FeedSource:
        """The source that the body describes; InvalidInput names a location that cannot be."""
        return FeedSource(
            name,
            self.format,
            self.mode,
            self.quantity_is,
            {str(ours): theirs for ours, theirs in self.columns.items()},
            _location("location_id", self.location_id) if self.location_id else "",
            {told: _location(f"locations.{told}", ours) for told, ours in self.locations.items()},
            self.delimiter,
            self.encoding,
            self.complete,
            self.active,
            Gate(**self.gate.model_dump()),
            Pull(**self.pull.model_dump()) if self.pull else None,
        )


def _location(field: str, text: str) -> str:
    try:
        return names.location_id(text)
    except InvalidInput as error:
        raise InvalidInput(field, error.reason) from None
