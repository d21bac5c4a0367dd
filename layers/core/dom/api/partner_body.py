"""The description of a partner: what may be asked of it, field by field."""

from __future__ import annotations

import codecs
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

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
from dom.model.fulfillment import RejectReason
from dom.model.ids import LocationId
from dom.model.partner import QUALIFIERS, Mailbox, Partner, PartnerFormat

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Feed = Annotated[str, Field(max_length=80)]
Column = Literal[
    "order", "line", "sku", "location", "quantity", "tracking_number", "carrier", "reason",
    "comments", "their_number",
]  # fmt: skip
# All of it is one item of 400 KB.
MOST_LOCATIONS, MOST_ITEMS = 200, 2_000
MOST_BYTES = 300_000


class MailboxBody(BaseModel):
    """Who is meant in X12: qualifier (ISA05 or 07) and id (ISA06 or 08); `group_id`: GS02 or 03, if
    otherwise.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    qualifier: Annotated[str, Field(pattern=r"^[0-9A-Z]{2}$")] = "ZZ"
    id: Annotated[str, Field(pattern=r"^[ -)+-=?-}]{1,15}$")]
    group_id: Annotated[str, Field(pattern=r"^[ -)+-=?-}]{0,15}$")] = ""


class PartnerBody(BaseModel):
    """Who sends files of warehouses to `partners/<id>/`, and how they are read.

    It speaks for `location_id`, or for `locations` (its names to ours). `skus`: its names of items
    to ours, where they differ; `qualifiers`: which of X12's names of an item counts, the first that
    is there. `case_packs`: units of a SKU in a case. `zone`: of its times. `short_reason`: why
    units stayed behind; `reject_reasons`: its words for why, to ours. `snapshots`, `changes`: the
    feed sources (NDJSON) that its stock goes to. `supplier`: what its announced goods are bought
    from. `columns`: our names to a CSV file's. `ours`, `theirs`: who is who in X12, without which
    nothing is sent. `test`: interchanges are marked as tests. Files are refused while `active` is
    false.
    """

    model_config = ConfigDict(extra="forbid")

    format: PartnerFormat
    location_id: str = ""
    locations: Annotated[dict[Text, str], Field(max_length=MOST_LOCATIONS)] = {}
    skus: Annotated[dict[Text, str], Field(max_length=MOST_ITEMS)] = {}
    qualifiers: Annotated[
        list[Annotated[str, Field(pattern=r"^[0-9A-Z]{2}$")]], Field(min_length=1, max_length=20)
    ] = list(QUALIFIERS)
    case_packs: Annotated[
        dict[str, Annotated[int, Field(ge=1, le=1_000_000, strict=True)]],
        Field(max_length=MOST_ITEMS),
    ] = {}
    zone: Annotated[str, Field(max_length=60)] = "UTC"
    short_reason: RejectReason = RejectReason.MISMATCH
    reject_reasons: Annotated[dict[Text, RejectReason], Field(max_length=100)] = {}
    snapshots: Feed = ""
    changes: Feed = ""
    supplier: Annotated[str, Field(max_length=200)] = ""
    columns: dict[Column, Text] = {}
    delimiter: Annotated[str, Field(min_length=1, max_length=1, pattern=r'^[^\r\n" ]$')] = ","
    encoding: Annotated[str, Field(min_length=1, max_length=40)] = "utf-8"
    ours: MailboxBody | None = None
    theirs: MailboxBody | None = None
    test: bool = Field(False, strict=True)
    active: bool = Field(True, strict=True)

    @field_validator("zone")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (KeyError, ValueError, OSError):
            raise ValueError("no time zone of this name is known") from None

    @field_validator("encoding")
    @classmethod
    def _of_text(cls, value: str) -> str:
        try:
            "a".encode(codecs.lookup(value).name)
            return value
        except (LookupError, ValueError):
            raise ValueError("Python knows no text encoding of this name") from None

    @model_validator(mode="after")
    def _sensible(self) -> PartnerBody:
        if bool(self.location_id) == bool(self.locations):
            raise ValueError("it speaks for location_id, or for locations")
        if len(self.model_dump_json()) > MOST_BYTES:
            raise ValueError(f"more than {MOST_BYTES} bytes")
        return self

    def partner(self, name: str) -> Partner:
        """The partner that the body describes; InvalidInput names what cannot be."""
        return Partner(
            name,
            self.format,
            _location("location_id", self.location_id) if self.location_id else None,
            {told: _location(f"locations.{told}", one) for told, one in self.locations.items()},
            {told: names.sku(ours) for told, ours in self.skus.items()},
            tuple(self.qualifiers),
            {names.sku(sku): units for sku, units in self.case_packs.items()},
            self.zone,
            self.short_reason,
            dict(self.reject_reasons),
            self.snapshots,
            self.changes,
            self.supplier.strip(),
            {str(ours): theirs for ours, theirs in self.columns.items()},
            self.delimiter,
            self.encoding,
            _mailbox(self.ours),
            _mailbox(self.theirs),
            self.test,
            self.active,
        )


def _mailbox(body: MailboxBody | None) -> Mailbox | None:
    return Mailbox(body.qualifier, body.id, body.group_id) if body else None


def _location(field: str, text: str) -> LocationId:
    try:
        return names.location_id(text)
    except InvalidInput as error:
        raise InvalidInput(field, error.reason) from None
