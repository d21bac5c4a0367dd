"""Shapes of what the API answers about the re-plan."""

from __future__ import annotations

# Not `typing`: pydantic makes schemas of the standard library's only from Python 3.12 on.
from typing_extensions import TypedDict

from dom.api.views import MoneyView, WorkLineView


class EndingWorkView(TypedDict):
    """A FulfillmentOrder that ends."""

    fulfillment_order_id: str
    location_id: str
    lines: list[WorkLineView]


class NewParcelView(TypedDict):
    """What takes its place."""

    location_id: str
    lines: list[WorkLineView]
    distance_km: float | None
    co2e_grams: int
    delivers_by: str


class MoveView(TypedDict):
    """A ship group that moves. `saved` by the rules, `cash_saved` what of it is really paid.

    Negative: it makes room for others of its `bundle`, which move together or not at all. `forced`:
    it cannot stay where it is.
    """

    bundle: int
    order_id: str
    ship_group_id: str
    ends: list[EndingWorkView]
    begins: list[NewParcelView]
    saved: MoneyView
    cash_saved: MoneyView
    forced: bool


class RestView(TypedDict):
    """What was not looked at, as the body of the next request takes it."""

    location_ids: list[str]
    cursor: str | None


class ReplanView(TypedDict):
    """What would move, or (`committed`) has moved. Amounts without a currency are minor units.

    `cost` of all work looked at, after these moves; `bound`: none costs less with as many parcels.
    `kept`: ship groups that stay although a better place was found or needed, by reason.
    """

    committed: bool
    fulfillment_orders: int
    ship_groups: int
    cost: int
    bound: int
    gap: float
    saved: int
    moves: list[MoveView]
    kept: dict[str, int]
    next: RestView | None
