"""Controls in the API: what of the stock is not sold, though it is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from dom.api.operation import Operation
from dom.api.views import ControlsView, ControlView
from dom.errors import InvalidInput
from dom.model import names
from dom.model.control import POOLED, Control, ControlKind
from dom.model.ids import LocationId, Sku
from dom.model.location import LocationType
from dom.model.scope import Where

MOST_UNITS = 1_000_000_000
# Every control is read with each promise: a list of thousands of SKUs belongs to several.
MOST_NAMES = 500
# What keeps back nothing at all is a mistake; no backorders of a SKU may well be meant.
_SOME = frozenset({ControlKind.BUFFER, ControlKind.THRESHOLD, ControlKind.RING_FENCE})
_ID = re.compile(r"[A-Za-z0-9._-]{1,80}")


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


Name = Annotated[str, Field(min_length=1, max_length=200)]
Names = Annotated[frozenset[Name], Field(max_length=MOST_NAMES)]
Kind = Annotated[ControlKind, BeforeValidator(_lower)]
Type = Annotated[LocationType, BeforeValidator(_lower)]


class ControlBody(BaseModel):
    """What is kept back: `exclude` everything, `buffer` so many `units` of each position, or
    `threshold` so many of all that is left to sell; a `ring_fence` keeps so many of each of its
    `skus` for its `channels`, from `starts_at` on, less what these have sold by then. Or, with
    `backorder`, how many units may be promised beyond that, of what is on its way. Of which goods,
    from which channels, where: all that is given must hold, nothing given means any. `starts_at` up
    to, but not including, `ends_at`.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    kind: Kind
    units: int = Field(0, ge=0, le=MOST_UNITS, strict=True)
    skus: Annotated[list[Name], Field(max_length=MOST_NAMES)] = []
    categories: Names = frozenset()
    channels: Names = frozenset()
    location_ids: Annotated[list[Name], Field(max_length=MOST_NAMES)] = []
    groups: Names = frozenset()
    location_types: frozenset[Type] = frozenset()
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    why: Annotated[str, Field(max_length=500)] = ""

    @model_validator(mode="after")
    def _sensible(self) -> ControlBody:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValueError("it ends before it starts")
        if self.kind in _SOME and not self.units:
            raise ValueError(f"units are needed for a {self.kind.value}")
        if self.kind is ControlKind.RING_FENCE and not self._whose():
            raise ValueError("a ring_fence is of skus, for channels, from starts_at on")
        if self.kind in POOLED and self._places():
            raise ValueError(f"a {self.kind.value} is of all locations together")
        return self

    def control(self, control_id: str) -> Control:
        """The control that the body describes; InvalidInput names a SKU or a location that cannot
        be.
        """
        return Control(
            control_id,
            self.kind,
            self.units if self.kind is not ControlKind.EXCLUDE else 0,
            frozenset(_each("skus", self.skus, names.sku)),
            self.categories,
            self.channels,
            Where(
                frozenset(_each("location_ids", self.location_ids, names.location_id)),
                self.groups,
                self.location_types,
            ),
            _utc(self.starts_at),
            _utc(self.ends_at),
            self.why,
        )

    def _whose(self) -> bool:
        named = self.skus and self.channels and self.starts_at
        return bool(named) and not self.categories

    def _places(self) -> bool:
        return bool(self.location_ids or self.groups or self.location_types)


Made = TypeVar("Made", Sku, LocationId)


def _each(field: str, texts: list[str], make: Callable[[str], Made]) -> Iterator[Made]:
    for number, text in enumerate(texts):
        try:
            yield make(text)
        except InvalidInput as error:
            raise InvalidInput(f"{field}.{number}", error.reason) from None


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None


def control_id(text: str) -> str:
    """An id that could be a control's; InvalidInput otherwise."""
    if not _ID.fullmatch(text):
        raise InvalidInput("id", "letters, digits, dots, dashes and underscores, up to 80")
    return text


PUT_CONTROL = Operation(
    "putControl",
    "PUT",
    "/controls/{id}",
    "controls:write",
    "Keep stock back from being sold, within seconds.",
    ControlView,
    body=ControlBody,
)
GET_CONTROL = Operation(
    "getControl",
    "GET",
    "/controls/{id}",
    "controls:read",
    "One control.",
    ControlView,
    problems=(404,),
)
LIST_CONTROLS = Operation(
    "listControls",
    "GET",
    "/controls",
    "controls:read",
    "Every control, by id.",
    ControlsView,
)
REMOVE_CONTROL = Operation(
    "removeControl",
    "DELETE",
    "/controls/{id}",
    "controls:write",
    "Keep nothing back by it any more.",
    ControlView,
    problems=(404,),
)
OPERATIONS = (PUT_CONTROL, GET_CONTROL, LIST_CONTROLS, REMOVE_CONTROL)
