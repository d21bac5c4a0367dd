"""Cart reservations in the API: operations, bodies, and how a reservation is shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dom.api.operation import Operation, Query
from dom.api.promise_views import ReservationView
from dom.api.promises import MOST_UNITS, sku_of
from dom.errors import NotFound
from dom.model.clock import to_text
from dom.model.ids import Sku
from dom.model.reservation import RESERVATION, Reservation, ReservationId

# 30 SKUs, each at a position of its own, fit one transaction with what stands beside them.
MOST_LINES = 30
TTL_SECONDS = 900
LONGEST_SECONDS = 86_400

Seconds = Annotated[int, Field(ge=1, le=LONGEST_SECONDS, strict=True)]


class HeldLineBody(BaseModel):
    """Units of a SKU to hold."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    sku: str = Field(min_length=1)
    quantity: int = Field(ge=1, le=MOST_UNITS, strict=True)


def _blank(value: object) -> object:
    return "" if value is None else value


class ReservationBody(BaseModel):
    """What to hold, for how long, and where; without `location_id` it is placed where stock is."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    lines: list[HeldLineBody] = Field(min_length=1, max_length=MOST_LINES)
    channel: Annotated[str, BeforeValidator(_blank), Field(max_length=200)] = ""
    location_id: str | None = Field(None, min_length=1)
    ttl_seconds: Seconds = TTL_SECONDS

    def units(self) -> Mapping[Sku, int]:
        """Units by SKU; InvalidInput names a SKU that no key can hold."""
        total = Counter[Sku]()
        for number, line in enumerate(self.lines):
            total[sku_of(number, line.sku)] += line.quantity
        return total


class ExtendBody(BaseModel):
    """Seconds from now; without them, as long as it was made for."""

    model_config = ConfigDict(extra="ignore")

    ttl_seconds: Seconds | None = None


POST_RESERVATION = Operation(
    "postReservation",
    "POST",
    "/reservations",
    "reservations:write",
    "Hold units for a cart: all of them at concrete positions, or none.",
    ReservationView,
    body=ReservationBody,
    success=201,
    headers=(
        Query("Idempotency-Key", "The same key and payload hold once, another payload is a 409."),
    ),
    problems=(404, 409),
)
SETTLE_RESERVATION = Operation(
    "settleReservation",
    "POST",
    "/reservations/{id}/{action}",
    "reservations:write",
    "Take a step: extend, commit or release. Each of the last two succeeds at most once.",
    ReservationView,
    body=ExtendBody,
    body_required=False,
    problems=(404, 409),
)
OPERATIONS = (POST_RESERVATION, SETTLE_RESERVATION)


def reservation_id(text: str) -> ReservationId:
    """An id that could be a reservation's; NotFound otherwise."""
    if not re.fullmatch(RESERVATION, text):
        raise NotFound("reservation", text[:80])
    return ReservationId(text)


def render_reservation(reservation: Reservation) -> ReservationView:
    """A reservation with the positions that it holds."""
    return {
        "reservation_id": reservation.id,
        "status": reservation.status.value,
        "expires_at": to_text(reservation.expires_at),
        "channel": reservation.channel,
        "lines": [
            {"sku": one.sku, "location_id": one.location_id, "quantity": one.quantity}
            for one in reservation.holds
        ],
    }
