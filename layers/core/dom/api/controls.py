"""Controls in the API: what of the stock is not sold, though it is there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field, model_validator

from dom.api.operation import Operation
from dom.api.scope_body import Names, ScopeBody, lower
from dom.api.views import ControlsView, ControlView
from dom.model.control import POOLED, Control, ControlKind

MOST_UNITS = 1_000_000_000
# What keeps back nothing at all is a mistake; no backorders of a SKU may well be meant.
_SOME = frozenset({ControlKind.BUFFER, ControlKind.THRESHOLD, ControlKind.RING_FENCE})
Kind = Annotated[ControlKind, BeforeValidator(lower)]


class ControlBody(ScopeBody):
    """What is kept back: `exclude` everything, `buffer` so many `units` of each position, or
    `threshold` so many of all that is left to sell; a `ring_fence` keeps so many of each of its
    `skus` for its `channels`, from `starts_at` on, less what these have sold by then. Or, with
    `backorder`, how many units may be promised beyond that, of what is on its way. Of which goods,
    from which channels, where: all that is given must hold, nothing given means any. `starts_at` up
    to, but not including, `ends_at`.
    """

    kind: Kind
    units: int = Field(0, ge=0, le=MOST_UNITS, strict=True)
    channels: Names = frozenset()
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _sensible(self) -> ControlBody:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValueError("it ends before it starts")
        if self.kind in _SOME and not self.units:
            raise ValueError(f"units are needed for a {self.kind.value}")
        if self.kind is ControlKind.RING_FENCE and not self._whose():
            raise ValueError("a ring_fence is of skus, for channels, from starts_at on")
        if self.kind in POOLED and self.places():
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
            self.goods(),
            self.categories,
            self.channels,
            self.where(),
            _utc(self.starts_at),
            _utc(self.ends_at),
            self.why,
        )

    def _whose(self) -> bool:
        named = self.skus and self.channels and self.starts_at
        return bool(named) and not self.categories


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None


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
