"""Shapes of what the API answers about promises, availability and reservations."""

from __future__ import annotations

from typing import NotRequired

# Not `typing`: pydantic makes schemas of the standard library's only from Python 3.12 on.
from typing_extensions import TypedDict

from dom.api.views import MoneyView


class SkuUnitsView(TypedDict):
    """Units of a SKU."""

    sku: str
    quantity: int


class OptionView(TypedDict):
    """One way to get `lines`. `delivers_by`: until then delivered, or ready to be collected.

    `cost` is what shipping and handling cost us. `available_on`: the day on which the last of it,
    which is still to come, can leave.
    """

    method: str
    location_ids: list[str]
    ships_by: str
    delivers_by: str
    cost: MoneyView
    co2e_grams: int
    lines: list[SkuUnitsView]
    available_on: NotRequired[str]


class PromiseView(TypedDict):
    """Options, and the units that no option covers."""

    options: list[OptionView]
    unavailable: list[SkuUnitsView]


class OnDayView(TypedDict):
    """Units that can be promised to leave on that day or earlier."""

    day: str
    ats: int


class AvailabilityView(TypedDict):
    """Units that may be sold, as seen at `as_of`; `later`, with what is on its way, by day.

    `backorder`: units beyond `ats` that a promise may name already.
    """

    sku: str
    channel: str
    ats: int
    as_of: str
    later: list[OnDayView]
    backorder: int


class HeldUnitsView(SkuUnitsView):
    """Units of a SKU at a location."""

    location_id: str


class ReservationView(TypedDict):
    """A cart reservation. `expires_at` counts while it is `held`."""

    reservation_id: str
    status: str
    expires_at: str
    channel: str
    lines: list[HeldUnitsView]
