"""Shapes of transfers and purchases as the API shows them."""

from __future__ import annotations

# Not `typing`: pydantic makes schemas of the standard library's only from Python 3.12 on.
from typing_extensions import TypedDict


class SupplyLineView(TypedDict):
    """Units of a SKU; `damaged` are among the `received`, `shipped` is of transfers."""

    sku: str
    ordered: int
    shipped: int
    received: int
    damaged: int


class DiscrepancyView(TypedDict):
    """Units too many (`over`; `unexpected` where none were asked for) or missing (`short`)."""

    sku: str
    kind: str
    units: int


class SupplyView(TypedDict):
    """A transfer or a purchase. `status`: requested, shipped, received, closed or cancelled."""

    id: str
    kind: str
    status: str
    reference: str
    from_location_id: str | None
    supplier: str | None
    location_id: str
    expected_on: str | None
    created_at: str
    created_by: str
    ended_at: str | None
    lines: list[SupplyLineView]
    discrepancies: list[DiscrepancyView]
    version: int


class SuppliesView(TypedDict):
    """Open ones of a location; `next` continues."""

    orders: list[SupplyView]
    next: str | None
