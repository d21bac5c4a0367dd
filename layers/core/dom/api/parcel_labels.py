"""Labels of parcels in the API: the operation and its body."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from dom.api.operation import Operation
from dom.api.views import MoneyView
from dom.model.fulfillment import FulfillmentOrder, Parcel


class LabelBody(BaseModel):
    """Which parcel, counted from 1, and what it weighs; without a weight, what was told at packing
    counts.
    """

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    parcel: int = Field(1, ge=1, le=100, strict=True)
    weight_grams: int = Field(0, ge=0, le=100_000_000, strict=True)


class ParcelLabelView(TypedDict):
    """The label of a parcel. `carrier` and `tracking_number` "": it is our own page, at the price
    of the rate card. `label_url` is good for an hour; ask again for another.
    """

    fulfillment_order_id: str
    version: int
    parcel: int
    carrier: str
    tracking_number: str
    weight_grams: int
    label_cost: MoneyView | None
    label_url: str | None


LABEL = Operation(
    "labelParcel",
    "POST",
    "/fulfillments/{id}/label",
    "fulfillments:write",
    "Buy the carrier's label of one parcel of packed work, once; its number is the parcel's then.",
    ParcelLabelView,
    body=LabelBody,
    body_required=False,
    problems=(404, 409),
)
OPERATIONS = (LABEL,)


def render_label(
    work: FulfillmentOrder, number: int, parcel: Parcel, url: str | None
) -> ParcelLabelView:
    """One label."""
    cost = parcel.label_cost
    return {
        "fulfillment_order_id": work.id,
        "version": work.version,
        "parcel": number,
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "weight_grams": parcel.weight_grams,
        "label_cost": {"amount": cost.amount, "currency": cost.currency} if cost else None,
        "label_url": url,
    }
