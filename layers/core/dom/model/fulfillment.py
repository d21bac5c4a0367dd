"""FulfillmentOrders: lines of one ship group at one location."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from dom.model.effort import EffortRate
from dom.model.history import HistoryEntry, append
from dom.model.ids import FulfillmentOrderId, LocationId, OrderId, Sku
from dom.model.money import Money
from dom.model.order import Method
from dom.model.supplier import SupplierTerms

# Why a work was cancelled that no customer cancelled: others took its units over, or its location
# was switched off or can do less, a person gave it to another one, or it would have gone to the old
# address.
REPLANNED = "replanned"
LOCATION_CLOSED = "location_closed"
READDRESSED = "readdressed"
SHORT = "short"
OVER_CAPACITY = "over_capacity"
REASSIGNED = "reassigned"


class FulfillmentStatus(StrEnum):
    """States of a FulfillmentOrder."""

    ASSIGNED = "assigned"
    RELEASED = "released"
    ACCEPTED = "accepted"
    PICKING = "picking"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    DELIVERY_FAILED = "delivery_failed"
    READY_FOR_PICKUP = "ready_for_pickup"
    ARRIVED = "arrived"
    COLLECTED = "collected"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCEL_REQUESTED = "cancel_requested"
    CANCELLED = "cancelled"


S = FulfillmentStatus
_AWAY = frozenset({S.SHIPPED, S.DELIVERED, S.DELIVERY_FAILED})
_AT_STORE = frozenset({S.READY_FOR_PICKUP, S.ARRIVED, S.COLLECTED})


class RejectReason(StrEnum):
    """Why a location refuses work, and with it what is true of its stock (HotWax's five)."""

    NOT_IN_STOCK = "not_in_stock"
    MISMATCH = "mismatch"
    DAMAGED = "damaged"
    WORN_DISPLAY = "worn_display"
    NO_VARIANCE = "no_variance"


@dataclass(frozen=True, slots=True)
class FulfillmentLine:
    """Units of an order line at this location. `effort`: what a unit's product asks besides."""

    line_id: str
    sku: Sku
    quantity: int
    effort: int = 0


def units_by_line(lines: Iterable[FulfillmentLine]) -> dict[str, int]:
    """Units by line id."""
    units: dict[str, int] = {}
    for line in lines:
        units[line.line_id] = units.get(line.line_id, 0) + line.quantity
    return units


@dataclass(frozen=True, slots=True)
class Parcel:
    """What physically leaves; weight in grams. `units` by line id, where the packer said.

    `shared` names one that holds other work as well, which has it under the same name.
    `scan` is what its carrier last saw, `scanned_at` when by the carrier's clock; `arrives_on` is
    the day on which the carrier means to deliver it. `label` is the key of a label that we bought
    for `label_cost`.
    """

    tracking_number: str = ""
    carrier: str = ""
    tracking_url: str = ""
    weight_grams: int = 0
    units: Mapping[str, int] = field(default_factory=dict)
    scan: str = ""
    scanned_at: datetime | None = None
    arrives_on: date | None = None
    label: str = ""
    label_cost: Money | None = None
    shared: str | None = None

    @property
    def key(self) -> str:
        """The number by which it is found, however it is spaced and capitalized; "" without one."""
        return parcel_key(self.tracking_number)

    @property
    def link(self) -> str:
        """Where its carrier shows it to customers: a web address that stays one link, or ""."""
        url = self.tracking_url
        return url if url.startswith("https://") and " " not in url else ""


def parcel_key(tracking_number: str) -> str:
    """What makes two spellings of a tracking number one."""
    return "".join(tracking_number.split()).upper()


@dataclass(frozen=True, slots=True)
class Pickup:
    """How the customer gets what lies ready at a store.

    `code` proves who the customer is: only orders and the customer's messages show it. `until` is
    the end of the last day on which it is kept. `arrived_at`: when the customer said to be there,
    at parking `bay`, in which `vehicle` (forgotten once it is handed over).
    """

    code: str
    until: datetime
    arrived_at: datetime | None = None
    bay: str = ""
    vehicle: str = ""

    @property
    def last_moment(self) -> datetime:
        """Of the last day: the day ends at midnight, and a moment before it is still that day."""
        return self.until - timedelta(seconds=1)

    def over(self) -> Pickup:
        """Without what nobody needs once it is handed over, or never will be."""
        return replace(self, code="", bay="", vehicle="")


@dataclass(frozen=True, slots=True)
class Together:
    """Work that leaves as one shipment: its id, and all members, in the order of joining."""

    id: str
    members: tuple[FulfillmentOrderId, ...]


@dataclass(frozen=True, slots=True)
class FulfillmentOrder:
    """Work for one location. `version` guards every write.

    `capacity_day` is the location's local day on which it was counted, `effort_rate` what its
    effort was reckoned by; None: the location's effort had no bound. `due_at` is when it must be
    looked at again (release time, then the SLA of the present state); None: nothing is awaited.
    `stalled_since`: when it should have left or been made ready, and was only packed.
    `ships_by`: until then it must have left, or lie ready, or `delivers_by` cannot be kept.
    `distance_km` None: the place of the customer or the location is unknown. `to_location`: the
    store that it is sent to, where the customer collects it; `boxes`: as how many it travels.
    `task_token` is the Step Functions callback that waits until the work is `awaited` ("acceptance"
    or "shipment").
    `priority` is that of its order when it was assigned or expedited.
    `by_hand`: the person who gave it to its location; no re-plan takes it away again.
    `cancel_reason` is REPLANNED, REASSIGNED, LOCATION_CLOSED, READDRESSED, SHORT,
    OVER_CAPACITY, what became of a lost parcel, or "" where the units were cancelled.
    `failure`: why it did not reach the customer. `channel_reference`: the sales channel's id of the
    shipment, once it was told of it, and `told_kits` those that were told with it, by the channel's
    line. `eta`: when it is to leave, as the location said when it accepted. `dropship`: only of
    what a supplier ships.
    `recipient`: the mark of who gets it while it may still be merged with other work of the same
    (`dom.model.recipient`), `together`: what it is merged with.
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
    ships_by: datetime | None = None
    why: str = ""
    decision_id: str = ""
    created_at: datetime | None = None
    due_at: datetime | None = None
    stalled_since: datetime | None = None
    capacity_day: date | None = None
    effort_rate: EffortRate | None = None
    parcels: tuple[Parcel, ...] = ()
    reject_reason: str = ""
    cancel_reason: str = ""
    failure: str = ""
    channel_reference: str = ""
    told_kits: Mapping[str, int] | None = None
    task_token: str = ""
    awaited: str = ""
    requests: tuple[str, ...] = ()
    settling: str = ""
    settled: int = 0
    to_location: LocationId | None = None
    boxes: int = 1
    by_hand: str = ""
    priority: int = 0
    pickup: Pickup | None = None
    eta: datetime | None = None
    dropship: SupplierTerms | None = None
    recipient: str | None = None
    together: Together | None = None
    history: tuple[HistoryEntry, ...] = ()
    version: int = 0

    @property
    def wakes_at(self) -> datetime | None:
        """When the sweep looks at it."""
        return self.due_at

    @property
    def effort(self) -> int:
        """Effort units that its lines take of its location's day; 0 where none are counted."""
        if self.effort_rate is None:
            return 0
        return self.effort_rate.of((line.quantity, line.effort) for line in self.lines)

    @property
    def companions(self) -> tuple[FulfillmentOrderId, ...]:
        """The other members of its shipment."""
        members = self.together.members if self.together else ()
        return tuple(one for one in members if one != self.id)

    @property
    def store(self) -> LocationId:
        """Where the customer collects it, if it is collected."""
        return self.to_location or self.location_id

    @property
    def places(self) -> frozenset[LocationId]:
        """The locations that see it: where it is prepared, and where it is collected."""
        return frozenset({self.location_id, self.store})

    @property
    def has_left(self) -> bool:
        """Whether the goods are away from `location_id`, and with them its stock."""
        return self.status in _AWAY or (self.to_location is not None and self.status in _AT_STORE)

    @property
    def arrives_on(self) -> date | None:
        """The day on which carriers say that all of it is there; None: of some nobody says so."""
        days = [parcel.arrives_on for parcel in self.parcels]
        return max(day for day in days if day) if days and all(days) else None

    @property
    def on_its_way(self) -> bool:
        """Whether it is between two places: in nobody's stock."""
        return self.status in _AWAY

    @property
    def held_by(self) -> LocationId:
        """Whose work it is now: the store's once it is on its way there."""
        return self.store if self.has_left else self.location_id


def ended(work: FulfillmentOrder, status: FulfillmentStatus) -> FulfillmentOrder:
    """The work at its end: nothing is awaited of it, and no secret is kept."""
    pickup = work.pickup.over() if work.pickup else None
    work = replace(work, recipient=None, together=None)
    return replace(work, status=status, due_at=None, pickup=pickup)


def noted(
    work: FulfillmentOrder, at: datetime, type_: str, actor: str, **data: object
) -> FulfillmentOrder:
    """The work with one more history entry, which names order, location and units for readers."""
    facts: dict[str, object] = {
        "fulfillment_order_id": work.id,
        "location_id": work.held_by,
        "lines": [{"line_id": x.line_id, "sku": x.sku, "quantity": x.quantity} for x in work.lines],
        **({"dropship": True} if work.dropship else {}),
        **data,
    }
    return replace(work, history=append(work.history, at, type_, actor, **facts))
