"""What a location's days have left, in the API."""

from __future__ import annotations

from datetime import date

from typing_extensions import TypedDict

from dom.api.operation import Operation
from dom.model.location import Location
from dom.model.location_state import LocationState


class CapacityDayView(TypedDict):
    """One local day. `left` and `effort_left` may be below zero where a bound was lowered.

    A bound that is null binds nothing: then nothing is counted.
    """

    date: str
    daily_capacity: int | None
    used: int | None
    left: int | None
    daily_effort: int | None
    effort_used: int | None
    effort_left: int | None


class CapacityView(TypedDict):
    """Today, and the days of which something is counted, in the location's own calendar."""

    location_id: str
    open: bool
    today: str
    days: list[CapacityDayView]


CAPACITY = Operation(
    "getLocationCapacity",
    "GET",
    "/locations/{id}/capacity",
    "locations:read",
    "What its days have left: FulfillmentOrders and effort units, by local day.",
    CapacityView,
    problems=(404,),
)
OPERATIONS = (CAPACITY,)


def render_capacity(location: Location, state: LocationState, today: date) -> CapacityView:
    """The state as the API shows it."""
    days = {today, *(state.left or {}), *(state.effort or {})}
    return {
        "location_id": location.location_id,
        "open": state.open,
        "today": today.isoformat(),
        "days": [_day(state, day) for day in sorted(days)],
    }


def _day(state: LocationState, day: date) -> CapacityDayView:
    left, effort = state.left_on(day), state.effort_on(day)
    return {
        "date": day.isoformat(),
        "daily_capacity": state.daily_capacity,
        "used": _used(state.daily_capacity, left),
        "left": left,
        "daily_effort": state.daily_effort,
        "effort_used": _used(state.daily_effort, effort),
        "effort_left": effort,
    }


def _used(most: int | None, left: int | None) -> int | None:
    return None if most is None or left is None else most - left
