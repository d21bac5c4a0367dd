"""Floor work in the API: operations and the body of an action."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dom.api.operation import Operation, Query
from dom.api.views import FulfillmentOrderView, WorkView
from dom.errors import InvalidInput
from dom.model.box import Box
from dom.model.clock import from_text
from dom.model.fulfillment import FulfillmentStatus, Parcel, RejectReason
from dom.model.ids import FulfillmentOrderId

MOST_UNITS = 1_000_000


def _eta(value: object) -> date | datetime:
    """A day or an instant of their ISO texts; ValueError otherwise."""
    if not isinstance(value, str):
        raise ValueError("it must be text, such as 2026-03-04 or 2026-03-04T16:00:00Z")
    return date.fromisoformat(value) if len(value) == 10 else from_text(value)


Eta = Annotated[date | datetime, BeforeValidator(_eta)]


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


class WorkLineBody(_Body):
    """Units of a line."""

    line_id: str = Field(min_length=1, max_length=100)
    quantity: int = Field(ge=1, le=MOST_UNITS, strict=True)


def units_of(lines: list[WorkLineBody] | None) -> dict[str, int] | None:
    """Units by line id; None stays None. InvalidInput for a line named twice."""
    if lines is None:
        return None
    units = {line.line_id: line.quantity for line in lines}
    if len(units) < len(lines):
        raise InvalidInput("lines", "a line stands there twice")
    return units


class BoxLineBody(WorkLineBody):
    """Units in a parcel; of which work, where several are shipped `together`."""

    fulfillment_order_id: str | None = Field(None, max_length=100)


class ParcelBody(_Body):
    """What leaves; weight in grams. `lines` say what is in it, should it be lost."""

    tracking_number: str = Field("", max_length=100)
    carrier: str = Field("", max_length=100)
    tracking_url: str = Field("", max_length=500)
    weight_grams: int = Field(0, ge=0, le=100_000_000, strict=True)
    lines: list[BoxLineBody] = Field([], max_length=500)

    def parcel(self, fulfillment_order_id: FulfillmentOrderId) -> Parcel:
        """The parcel of the model, of this work alone; InvalidInput where it holds other work."""
        units = self.box(fulfillment_order_id).contents
        if units.keys() - {fulfillment_order_id}:
            raise InvalidInput("parcels", "with other work in it this is done together")
        return replace(self._empty(), units=units.get(fulfillment_order_id, {}))

    def box(self, fulfillment_order_id: FulfillmentOrderId) -> Box:
        """The parcel of several; lines that name no work are of this one."""
        contents: dict[FulfillmentOrderId, dict[str, int]] = {}
        for line in self.lines:
            name = FulfillmentOrderId(line.fulfillment_order_id or fulfillment_order_id)
            contents.setdefault(name, {})[line.line_id] = line.quantity
        return Box(self._empty(), contents)

    def _empty(self) -> Parcel:
        return Parcel(self.tracking_number, self.carrier, self.tracking_url, self.weight_grams)


class ActionBody(_Body):
    """All of it is optional but what proves who collects: the `code` of the ready message, or, for
    a customer without it, `identity_checked`.

    `lines` name a part of the units, for pick (the rest was not found), collect (the rest is not
    wanted), cancel and reject; `reason` is for what is rejected or not found, `parcels` for pack
    and ship, `bay` and `vehicle` for arrive; `restock` for reship and write-off: the goods came
    back; `eta` for accept: when it is to leave, as a day (`2026-03-04`: until its end, where the
    location is) or a time with its offset. `version` (or `expected_version`): do it only if that
    is its. `together`: accept, pick, pack or ship all that it is merged with; lines of parcels then
    say of which work they are.

    A repeated `request_id` (or Idempotency-Key) changes nothing and answers the same.
    """

    request_id: str | None = Field(None, max_length=255)
    lines: list[WorkLineBody] | None = Field(None, min_length=1, max_length=500)
    parcels: list[ParcelBody] = Field([], max_length=100)
    reason: Annotated[RejectReason, BeforeValidator(_lower)] | None = None
    expected_version: int | None = Field(None, ge=1, le=2**53, strict=True)
    version: int | None = Field(None, ge=1, le=2**53, strict=True)
    code: str = Field("", max_length=20)
    identity_checked: bool = Field(False, strict=True)
    bay: str = Field("", max_length=100)
    vehicle: str = Field("", max_length=200)
    restock: bool = Field(False, strict=True)
    eta: Eta | None = None
    together: bool = Field(False, strict=True)

    def units(self) -> dict[str, int] | None:
        """Units by line id; None: the whole of it. InvalidInput for a line named twice."""
        return units_of(self.lines)


ACT = Operation(
    "actOnFulfillmentOrder",
    "POST",
    "/fulfillments/{id}/{action}",
    "fulfillments:write",
    "accept, pick, pack, ship, deliver, ready, arrive, collect, reject, cancel, confirm-cancel, "
    "refuse-cancel, reship, write-off or split; ship and ready walk the states that are missing.",
    FulfillmentOrderView,
    body=ActionBody,
    body_required=False,
    headers=(Query("Idempotency-Key", "Names the request, so that a repeat counts once."),),
    problems=(404, 409),
)
GET_WORK = Operation(
    "getFulfillmentOrder",
    "GET",
    "/fulfillments/{id}",
    "fulfillments:read",
    "One FulfillmentOrder; another location's does not exist for a store's token.",
    FulfillmentOrderView,
    problems=(404,),
)
LIST_WORK = Operation(
    "listFulfillmentOrders",
    "GET",
    "/fulfillments",
    "fulfillments:read",
    "A location's work by status, oldest first; a page at a time.",
    WorkView,
    query=(
        Query("location_id", "Whose work. A token of one location may leave it out."),
        Query("status", "Only this status, such as released."),
        Query("next", "Cursor of the page before."),
    ),
)
OPERATIONS = (ACT, GET_WORK, LIST_WORK)


def status_named(text: str) -> FulfillmentStatus | None:
    """The status of a query, None if none was asked for; InvalidInput lists what there is."""
    if not text:
        return None
    try:
        return FulfillmentStatus(text.lower())
    except ValueError:
        known = ", ".join(FulfillmentStatus)
        raise InvalidInput("status", f"it is none of {known}") from None
