"""FulfillmentOrders: lines of one ship group at one location."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from dom.model.history import HistoryEntry, append
from dom.model.ids import FulfillmentOrderId, LocationId, OrderId, Sku
from dom.model.money import Money
from dom.model.order import Method

# Why a work was cancelled that no customer cancelled: others took its units over.
REPLANNED = "replanned"


class FulfillmentStatus(StrEnum):
    """States of a FulfillmentOrder."""

    ASSIGNED = "assigned"
    RELEASED = "released"
    ACCEPTED = "accepted"
    PICKING = "picking"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCEL_REQUESTED = "cancel_requested"
    CANCELLED = "cancelled"


class RejectReason(StrEnum):
    """Why a location refuses work, and with it what is true of its stock (HotWax's five)."""

    NOT_IN_STOCK = "not_in_stock"
    MISMATCH = "mismatch"
    DAMAGED = "damaged"
    WORN_DISPLAY = "worn_display"
    NO_VARIANCE = "no_variance"


@dataclass(frozen=True, slots=True)
class FulfillmentLine:
    """Units of an order line at this location."""

    line_id: str
    sku: Sku
    quantity: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """What physically leaves; weight in grams."""

    tracking_number: str = ""
    carrier: str = ""
    tracking_url: str = ""
    weight_grams: int = 0


@dataclass(frozen=True, slots=True)
class FulfillmentOrder:
    """Work for one location. `version` guards every write.

    `capacity_day` is the location's local day on which it was counted. `due_at` is when it must be
    looked at again (release time, then the SLA of the present state); None: nothing is awaited.
    `distance_km` None: the place of the customer or the location is unknown. `to_location`: the
    store that it is sent to, where the customer collects it; `boxes`: as how many it travels.
    `task_token` is the Step Functions callback that waits until the work is `awaited` ("acceptance"
    or "shipment").
    `cancel_reason` is REPLANNED, or "" where the channel cancelled.
    `requests` are the request ids already served. `settling` names the state that a work too large
    for one transaction is on its way to, `settled` the steps of its stock already written.
    """

    id: FulfillmentOrderId
    order_id: OrderId
    ship_group_id: str
    location_id: LocationId
    method: Method
    status: FulfillmentStatus
    lines: tuple[FulfillmentLine, ...]
    cost: Money
    co2e_grams: int = 0
    distance_km: float | None = None
    delivers_by: datetime | None = None
    why: str = ""
    decision_id: str = ""
    created_at: datetime | None = None
    due_at: datetime | None = None
    capacity_day: date | None = None
    parcels: tuple[Parcel, ...] = ()
    reject_reason: str = ""
    cancel_reason: str = ""
    task_token: str = ""
    awaited: str = ""
    requests: tuple[str, ...] = ()
    settling: str = ""
    settled: int = 0
    to_location: LocationId | None = None
    boxes: int = 1
    history: tuple[HistoryEntry, ...] = ()
    version: int = 0


def noted(
    work: FulfillmentOrder, at: datetime, type_: str, actor: str, **data: object
) -> FulfillmentOrder:
    """The work with one more history entry, which names order, location and units for readers."""
    facts: dict[str, object] = {
        "fulfillment_order_id": work.id,
        "location_id": work.location_id,
        "lines": [{"line_id": x.line_id, "sku": x.sku, "quantity": x.quantity} for x in work.lines],
        **data,
    }
    return replace(work, history=append(work.history, at, type_, actor, **facts))
