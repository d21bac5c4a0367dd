"""What a sales channel told us, in our words: snapshots of an order and deltas upon it.

Channels make them, intake merges them. Free of any vendor's wire format and of money in floats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from dom.model.ids import LocationId, OrderId, Sku, order_id_for
from dom.model.kit import Kit
from dom.model.money import Money
from dom.model.order import ShipGroup

# An order is one DynamoDB item of at most 400 KB, and a line takes about 400 bytes of it,
# and 60 more once it went back.
MAX_LINES = 800


class Payment(StrEnum):
    """State of an order's payment, in the order in which states follow each other."""

    PENDING = "pending"
    AUTHORIZED = "authorized"
    EXPIRED = "expired"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"

    @property
    def rank(self) -> int:
        """Of two states seen in one second, the one of higher rank came later."""
        return list(Payment).index(self)


class Handover(StrEnum):
    """How far a channel's own fulfillment is; ranked as `Payment`."""

    OPEN = "open"
    FAILED = "failed"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def rank(self) -> int:
        """States of one fulfillment only ever rise."""
        return list(Handover).index(self)


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line as the channel shows it: `removed` of `quantity` units are cancelled or refunded.

    `ship_group_id` None: needs no shipping. `discount` and `tax` are for the whole line (None: 0).
    """

    line_id: str
    quantity: int
    unit_price: Money
    removed: int = 0
    sku: Sku | None = None
    title: str = ""
    ship_group_id: str | None = None
    grams: int = 0
    discount: Money | None = None
    tax: Money | None = None


@dataclass(frozen=True, slots=True)
class Delta:
    """A refund or an edit: units by line id. It counts once however often it is told.

    `removed` units shall not be shipped any more, `returned` ones came back after they were,
    `added` ones are new. `listed`: a snapshot names it, so the snapshot's quantities contain it.
    Of a refund: `paid` minor units in all; `ours`: a return of ours caused it.
    """

    id: str
    at: datetime
    removed: Mapping[str, int] = field(default_factory=dict)
    returned: Mapping[str, int] = field(default_factory=dict)
    added: Mapping[str, int] = field(default_factory=dict)
    listed: bool = False
    paid: int = 0
    ours: bool = False


@dataclass(frozen=True, slots=True)
class SourceFulfillment:
    """Units that the channel says were handed over without us."""

    id: str
    status: Handover
    lines: Mapping[str, int]


def handed_over(name: str, units: Mapping[str, int]) -> tuple[SourceFulfillment, ...]:
    """All that left, by line, where a channel does not say by which fulfillment; none if nothing
    did.
    """
    return (SourceFulfillment(name, Handover.DONE, units),) if units else ()


@dataclass(frozen=True, slots=True)
class OrderSnapshot:
    """The whole order as of `updated_at`, the channel's own clock (often of one second).

    `in_person`: units handed over were collected by the customer (point of sale), not delivered.
    `amounts` is what the order's money means to the channel (presentment currency and total, taxes
    included or not): kept, not calculated with. `personal` never enters the order.
    `tier` and `locale` are the customer's. `taxes_included`: unit prices contain the lines' tax.
    `shipping` is what delivery cost, its discounts deducted, its tax added where prices exclude it.
    `reservation_id`: the cart's, whose units the order takes. `collected_at`: where the customer
    collects what has no address, if the channel said so; a snapshot that does not say it, says
    nothing of it. `forget_by`: until when the channel lets its customer's data be kept.
    `shrinking`: what is cancelled of a line may be gone from its quantity. `authorized`: minor
    units that are guaranteed and left to us to capture, until `authorized_until`; None: none are.
    `fees` of them are for neither lines nor delivery. `kits`: what the channel calls one line, and
    `lines` show as components; no channel fills it in.
    """

    updated_at: datetime
    placed_at: datetime
    currency: str
    lines: tuple[LineFacts, ...]
    ship_groups: tuple[ShipGroup, ...] = ()
    payment: Payment = Payment.PENDING
    name: str = ""
    cancelled_at: datetime | None = None
    test: bool = False
    in_person: bool = False
    fulfillments: tuple[SourceFulfillment, ...] = ()
    amounts: Mapping[str, object] = field(default_factory=dict)
    customer_id: str = ""
    personal: Mapping[str, object] = field(default_factory=dict)
    tier: str = ""
    locale: str = ""
    taxes_included: bool = False
    shipping: Money | None = None
    reservation_id: str = ""
    collected_at: LocationId | None = None
    forget_by: datetime | None = None
    shrinking: bool = False
    authorized: int | None = None
    authorized_until: datetime | None = None
    fees: int = 0
    kits: tuple[Kit, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenOrder:
    """An order as a channel lists it: changed for the last time at `updated_at`, by its clock."""

    external_id: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """One event of a channel about one of its orders. `at` is the event's time at the channel.

    `incomplete`: its channel knows more of the order than the event says, and is to be asked.
    """

    channel: str
    account: str
    external_id: str
    at: datetime
    snapshot: OrderSnapshot | None = None
    refunds: tuple[Delta, ...] = ()
    edits: tuple[Delta, ...] = ()
    triggered_at: datetime | None = None
    incomplete: bool = False

    @property
    def order_id(self) -> OrderId:
        """Our id of that order."""
        return order_id_for(self.channel, self.account, self.external_id)


@dataclass(frozen=True, slots=True)
class Erasure:
    """A customer of a channel is to be forgotten: these orders are theirs."""

    orders: tuple[OrderId, ...]


# What a carrier says of a parcel that means nothing here.
UNKNOWN_SCAN = "unknown"
# It is where it was, and arrives on another day.
RESCHEDULED = "rescheduled"


class ReturnEvent(StrEnum):
    """What a channel or a carrier says of a return."""

    REQUESTED = "requested"
    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    SCANNED = "scanned"


@dataclass(frozen=True, slots=True)
class ReturnedUnits:
    """Units of an order line that a channel says come back; `reason` as in `dom.model.rma`."""

    line_id: str
    quantity: int
    reason: str = "unknown"
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReturnNews:
    """One event about a return, told by the channel of its order or by a carrier.

    A channel names the return by `order_id` and its own `external_id`; a carrier by
    `tracking_number` and what the `scan` says (`in_transit`, `delivered` ...), and perhaps the day
    on which the parcel `arrives_on`. `at`: its own clock.
    """

    event: ReturnEvent
    at: datetime | None = None
    order_id: OrderId | None = None
    external_id: str = ""
    lines: tuple[ReturnedUnits, ...] = ()
    tracking_number: str = ""
    scan: str = ""
    arrives_on: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Scans:
    """What a carrier says of several parcels at once, or of one several times."""

    news: tuple[ReturnNews, ...]
