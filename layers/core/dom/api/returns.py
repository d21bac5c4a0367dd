"""Returns in the API: operations and bodies."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dom.api.nested import below
from dom.api.operation import Operation, Query
from dom.api.photos import PhotoKey
from dom.api.return_views import ReturnsView, ReturnView
from dom.errors import InvalidInput
from dom.model import names
from dom.model.ids import LocationId
from dom.model.return_terms import (
    Condition,
    Disposition,
    ReturnMethod,
    ReturnOutcome,
    ReturnReason,
    ReturnStatus,
)
from dom.model.rma import ExchangeLine, Unexpected

MOST_LINES = 20
MOST_UNITS = 1_000_000
MOST_PHOTOS = 10


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


Quantity = Annotated[int, Field(ge=1, le=MOST_UNITS, strict=True)]
LineId = Annotated[str, Field(min_length=1, max_length=255)]
Note = Annotated[str, Field(max_length=500)]
Photos = Annotated[list[PhotoKey], Field(max_length=MOST_PHOTOS)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


class ReturnLineBody(_Body):
    """Units of an order line that the customer wants to send back, and why."""

    line_id: LineId
    quantity: Quantity
    reason: Annotated[ReturnReason, BeforeValidator(_lower)] = ReturnReason.UNKNOWN
    note: Note = ""
    photos: Photos = []


class ExchangeLineBody(_Body):
    """What the customer wants instead."""

    sku: Annotated[str, Field(min_length=1)]
    quantity: Quantity


class OverrideBody(_Body):
    """A person's word against the policy: who says so (by default the token's owner) and why."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]
    name: Annotated[str, Field(max_length=200)] = ""


class ReturnBody(_Body):
    """The request. `location_id`: the store that it is brought to (method store).

    `exchange_lines` are for the outcome exchange alone. `override` needs the scope
    `returns:approve`.
    """

    order_id: Annotated[str, Field(min_length=1, max_length=80)]
    lines: Annotated[list[ReturnLineBody], Field(min_length=1, max_length=MOST_LINES)]
    method: Annotated[ReturnMethod, BeforeValidator(_lower)] = ReturnMethod.MAIL
    outcome: Annotated[ReturnOutcome, BeforeValidator(_lower)] = ReturnOutcome.REFUND
    exchange_lines: Annotated[list[ExchangeLineBody], Field(max_length=MOST_LINES)] = []
    location_id: str | None = Field(None, min_length=1)
    override: OverrideBody | None = None

    def wanted_instead(self) -> tuple[ExchangeLine, ...]:
        """The exchange lines; InvalidInput names a SKU that no key can hold."""
        lines: list[ExchangeLine] = []
        for i, line in enumerate(self.exchange_lines):
            with below(f"exchange_lines.{i}"):
                lines.append(ExchangeLine(names.sku(line.sku), line.quantity))
        return tuple(lines)

    def place(self) -> LocationId | None:
        """The store that it is brought to."""
        return names.location_id(self.location_id) if self.location_id else None


class WordBody(_Body):
    """Why; and for an approval in a store, where the goods are."""

    reason: Annotated[str, Field(max_length=500)] = ""
    location_id: str | None = Field(None, min_length=1)
    request_id: str | None = Field(None, max_length=255)


class TrackBody(_Body):
    """By what number a carrier tracks the customer's parcel."""

    tracking_number: Annotated[str, Field(min_length=1, max_length=100)]
    carrier: Annotated[str, Field(max_length=100)] = ""


class UnitsBody(_Body):
    """Units of a line."""

    line_id: LineId
    quantity: Quantity


class UnexpectedBody(_Body):
    """Something in the parcel that was not announced, or instead of what was."""

    sku: Annotated[str, Field(max_length=255)] = ""
    quantity: Quantity = 1
    note: Note = ""


class ReceiveBody(_Body):
    """What was in the parcel, where; `missing` units are known never to come."""

    location_id: Annotated[str, Field(min_length=1)]
    lines: Annotated[list[UnitsBody], Field(max_length=MOST_LINES)] = []
    missing: Annotated[list[UnitsBody], Field(max_length=MOST_LINES)] = []
    unexpected: Annotated[list[UnexpectedBody], Field(max_length=MOST_LINES)] = []
    request_id: str | None = Field(None, max_length=255)

    def others(self) -> tuple[Unexpected, ...]:
        """What was not expected."""
        return tuple(Unexpected(x.sku, x.quantity, x.note) for x in self.unexpected)


class FoundBody(_Body):
    """Units of a line in a condition. `disposition`: the inspector's word instead of the rules'."""

    line_id: LineId
    quantity: Quantity
    condition: Annotated[Condition, BeforeValidator(_lower)]
    photos: Photos = []
    disposition: Annotated[Disposition, BeforeValidator(_lower)] | None = None


class InspectBody(_Body):
    """What an inspection found; without `location_id`, where the goods were received last."""

    lines: Annotated[list[FoundBody], Field(min_length=1, max_length=MOST_LINES)]
    location_id: str | None = Field(None, min_length=1)
    request_id: str | None = Field(None, max_length=255)


def pairs(lines: list[UnitsBody]) -> tuple[tuple[str, int], ...]:
    """Units by line id, as they stand."""
    return tuple((line.line_id, line.quantity) for line in lines)


_KEY = (Query("Idempotency-Key", "Names the request, so that a repeat counts once."),)

POST_RETURN = Operation(
    "postReturn",
    "POST",
    "/returns",
    "returns:write",
    "Ask for a return: approved, declined with the rule that says so, or kept and paid, at once.",
    ReturnView,
    body=ReturnBody,
    success=201,
    headers=_KEY,
    problems=(404, 409),
)
GET_RETURN = Operation(
    "getReturn",
    "GET",
    "/returns/{id}",
    "returns:read",
    "One return with its decision, dispositions, refunds and timeline.",
    ReturnView,
    problems=(404,),
)
LIST_RETURNS = Operation(
    "listReturns",
    "GET",
    "/returns",
    "returns:read",
    "Returns of an order, or of a location by status, oldest first; a page at a time.",
    ReturnsView,
    query=(
        Query("order_id", "Whose returns."),
        Query("location_id", "Where they go or are. A token of one location may leave it out."),
        Query("status", "Only this status, such as received."),
        Query("next", "Cursor of the page before."),
    ),
)
RECEIVE = Operation(
    "receiveReturn",
    "POST",
    "/returns/{id}/receive",
    "returns:handle",
    "Note what came in: all, a part, something else, and what is missing for good.",
    ReturnView,
    body=ReceiveBody,
    headers=_KEY,
    problems=(404, 409),
)
INSPECT = Operation(
    "inspectReturn",
    "POST",
    "/returns/{id}/inspect",
    "returns:handle",
    "Grade what came in: dispositions, stock and refund follow in one transaction.",
    ReturnView,
    body=InspectBody,
    headers=_KEY,
    problems=(404, 409),
)
TRACK = Operation(
    "trackReturn",
    "POST",
    "/returns/{id}/track",
    "returns:write",
    "Tell the tracking number of the customer's parcel, so that its scans reach the return.",
    ReturnView,
    body=TrackBody,
    problems=(404, 409),
)
DECIDE = Operation(
    "decideReturn",
    "POST",
    "/returns/{id}/{action}",
    "returns:approve",
    "approve (also against the policy), decline, cancel, retry-refund, retry-label: with a reason.",
    ReturnView,
    body=WordBody,
    body_required=False,
    headers=_KEY,
    problems=(404, 409),
)
# The literal paths first: the last one matches them, too.
OPERATIONS = (POST_RETURN, GET_RETURN, LIST_RETURNS, RECEIVE, INSPECT, TRACK, DECIDE)


def status_named(text: str) -> ReturnStatus | None:
    """The status of a query, None if none was asked for; InvalidInput lists what there is."""
    if not text:
        return None
    try:
        return ReturnStatus(text.lower())
    except ValueError:
        known = ", ".join(ReturnStatus)
        raise InvalidInput("status", f"it is none of {known}") from None
