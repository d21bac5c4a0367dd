"""Orders, their lines and ship groups. Status is a roll-up of quantity buckets, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from dom.model.asked import Asked
from dom.model.authorization import Authorization
from dom.model.contact import Contact
from dom.model.geo import Destination
from dom.model.history import HistoryEntry
from dom.model.ids import FulfillmentOrderId, LocationId, OrderId, Sku
from dom.model.kit import Kit
from dom.model.money import Money
from dom.model.prospect import Prospect, Wait


class Bucket(StrEnum):
    """Where units of a line are. The buckets of a line always sum to its ordered quantity."""

    PENDING = "pending"
    ALLOCATED = "allocated"
    BACKORDERED = "backordered"
    PREORDERED = "preordered"
    PICKED = "picked"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    READY_FOR_PICKUP = "ready_for_pickup"
    COLLECTED = "collected"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class HoldReason(StrEnum):
    """Why an order waits for a person, a payment or better data."""

    AWAITING_PAYMENT = "awaiting_payment"
    FRAUD_RISK = "fraud_risk"
    INCORRECT_ADDRESS = "incorrect_address"
    INVENTORY_OUT_OF_STOCK = "inventory_out_of_stock"
    AWAITING_RETURN_ITEMS = "awaiting_return_items"
    INVALID_DATA = "invalid_data"
    MANUAL = "manual"


class OrderStatus(StrEnum):
    """Roll-up of an order's buckets (docs/architecture.md)."""

    HELD = "held"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    FULFILLED = "fulfilled"
    PARTIALLY_FULFILLED = "partially_fulfilled"
    ALLOCATED = "allocated"
    PARTIALLY_ALLOCATED = "partially_allocated"
    OPEN = "open"


class Method(StrEnum):
    """How the customer gets a ship group."""

    SHIP = "ship"
    PICKUP = "pickup"
    CURBSIDE = "curbside"
    SAME_DAY = "same_day"
    SHIP_TO_STORE = "ship_to_store"
    DIGITAL = "digital"


GONE = frozenset({Bucket.DELIVERED, Bucket.COLLECTED, Bucket.RETURNED})
SHIPPED_OR_LATER = GONE | {Bucket.SHIPPED}
ASSIGNED = frozenset({Bucket.ALLOCATED, Bucket.PICKED, Bucket.PACKED, Bucket.READY_FOR_PICKUP})
UNASSIGNED = (Bucket.PENDING, Bucket.BACKORDERED, Bucket.PREORDERED)
NOT_LEFT = (*UNASSIGNED, Bucket.ALLOCATED, Bucket.PICKED, Bucket.PACKED)

Buckets = Mapping[Bucket, int]


@dataclass(frozen=True, slots=True)
class Back:
    """What of a line goes or went back.

    `returning` units are claimed by returns that are not received, or that the customer keeps:
    nobody can return them again. `refunded_units` are paid back by our returns, for `refunded`
    minor units.
    """

    returning: int = 0
    refunded_units: int = 0
    refunded: int = 0


@dataclass(frozen=True, slots=True)
class OrderLine:
    """What the customer bought. Money is for one unit, except `discount` and `tax`: whole line.

    `excluded` are locations that rejected or let expire this line: routing never returns there.
    `ship_group_id` None: needs no shipping (digital, gift card). `grams` is one unit's weight.
    `went_back` None: nothing of it did (most lines, of which 800 share one item); `by_channel`:
    units that the channel paid back by itself, None: none.
    """

    line_id: str
    quantity: int
    unit_price: Money
    sku: Sku | None = None
    title: str = ""
    ship_group_id: str | None = None
    grams: int = 0
    discount: Money | None = None
    tax: Money | None = None
    buckets: Buckets = field(default_factory=dict)
    excluded: tuple[LocationId, ...] = ()
    went_back: Back | None = None
    by_channel: int | None = None

    def units(self, bucket: Bucket) -> int:
        """Units in the bucket; 0 if none."""
        return self.buckets.get(bucket, 0)

    @property
    def label(self) -> str:
        """What customers know it by."""
        return self.title or self.sku or "article"

    @property
    def back(self) -> Back:
        """What of it goes or went back."""
        return self.went_back or Back()

    def with_back(self, **changed: int) -> OrderLine:
        """The line with fields of `back` changed."""
        back = replace(self.back, **changed)
        return replace(self, went_back=None if back == Back() else back)

    @property
    def paid_back(self) -> int:
        """Units that are paid back by us or by the channel, or that were cancelled."""
        theirs = max(self.units(Bucket.CANCELLED), self.by_channel or 0)
        return min(self.quantity, self.back.refunded_units + theirs)

    @property
    def returnable(self) -> int:
        """Units that the customer has and that no return claims."""
        has = self.units(Bucket.DELIVERED) + self.units(Bucket.COLLECTED)
        return max(0, has - self.back.returning)

    def moved(self, source: Bucket, target: Bucket, units: int) -> OrderLine:
        """The line with `units` moved between buckets; ValueError if there are not so many."""
        left = self.units(source) - units
        if units < 0 or left < 0:
            raise ValueError(f"line {self.line_id}: {units} of {self.units(source)} {source}")
        buckets = {**self.buckets, source: left, target: self.units(target) + units}
        if source == target:
            buckets = dict(self.buckets)
        return replace(self, buckets={b: n for b, n in buckets.items() if n})


@dataclass(frozen=True, slots=True)
class ShipGroup:
    """Lines with the same address and delivery method: the unit that is routed.

    `location_id` is set when the customer chose the place (pickup, ship to store).
    `promised_by`: what the customer was told when ordering, if anything. `recipient`: who gets it,
    as a mark (`dom.model.recipient`); None: nobody knows, or may know.
    """

    id: str
    method: Method
    destination: Destination | None = None
    location_id: LocationId | None = None
    promised_by: datetime | None = None
    recipient: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """The canonical order. `version` guards every write; `source` is intake's own merge state.

    `fulfillment_orders` counts ids given out so far, `decisions` routing decisions so far.
    `withdraw` holds, by line id, units that the channel cancelled but that still sit with a
    FulfillmentOrder: fulfillment takes them back. `open_plan` names a plan that is being committed
    in steps. `personal_id` names the personal-data item. `due_at` is when somebody must look again,
    `look_at` when its promises must be looked at.
    `tier` is the customer's, as rules name it.
    `locale` is the language they read (RFC 5646), `contact` how they want to be told (None: as
    anybody). `taxes_included`: unit prices contain the tax.
    `shipping` is what delivery cost the customer (tax added where prices exclude it), of which
    `shipping_refunded` minor units are paid back. `channel_refunded`: minor units that the channel
    paid back by itself, whatever for. `exchange_promised`: what goods that are still to come back
    have paid of other orders. `returns` counts return ids given out so far. `ship_after`:
    no work of it is released earlier (an exchange waits for what comes back). `requests` are the
    newest request ids of people that were served. `readdressed` are ship groups whose address a
    person changed here; `recall` is their work that must not go to the old one: fulfillment takes
    it back. `counted`: units by SKU that are counted as unallocated demand (`dom.model.demand`);
    `fences`: ring-fences by SKU that it was sold of, `drawn`: the units that are counted there.
    `queued`: its places in line as they are listed (`dom.model.queue`); `prospects`: by SKU what
    its backordered units may expect; `waits_since`: since when it has any.
    `forgotten`: its personal data were erased, and are not taken again. `forget_by`: until when
    its channel lets them be kept. `told`: until when its customer expects each ship group of which
    the channel did not say it, or whose promise has moved (`dom.model.promised`); None: the
    customer knows that nobody knows. `authorization`: its money is guaranteed, and taken as goods
    leave; None: it is paid, or its channel sees to that. `choices`: what its customer is asked of
    groups that their store could not hand over; `chosen`: groups of which another way was chosen,
    which the channel's repeats do not undo; `unasked`: of which a person ended the question
    (`dom.model.choice`). `kits`: lines of its channel that stand in `lines` as their components
    (`dom.model.kit`).
    """

    order_id: OrderId
    channel: str
    account: str
    external_id: str
    currency: str
    placed_at: datetime
    lines: tuple[OrderLine, ...] = ()
    ship_groups: tuple[ShipGroup, ...] = ()
    name: str = ""
    hold_reason: HoldReason | None = None
    hold_detail: str = ""
    priority: int = 0
    tier: str = ""
    test: bool = False
    locale: str = ""
    contact: Contact | None = None
    withdraw: Mapping[str, int] = field(default_factory=dict)
    fulfillment_orders: int = 0
    decisions: int = 0
    open_plan: str | None = None
    taxes_included: bool = False
    shipping: Money | None = None
    shipping_refunded: int = 0
    channel_refunded: int = 0
    exchange_promised: int = 0
    returns: int = 0
    ship_after: datetime | None = None
    requests: tuple[str, ...] = ()
    readdressed: tuple[str, ...] = ()
    recall: tuple[FulfillmentOrderId, ...] = ()
    forgotten: bool = False
    forget_by: datetime | None = None
    authorization: Authorization | None = None
    counted: Mapping[Sku, int] = field(default_factory=dict, compare=False)
    fences: Mapping[Sku, str] = field(default_factory=dict)
    drawn: Mapping[Sku, int] = field(default_factory=dict, compare=False)
    told: Mapping[str, datetime | None] = field(default_factory=dict)
    queued: Mapping[Sku, Wait] = field(default_factory=dict, compare=False)
    prospects: Mapping[Sku, Prospect] = field(default_factory=dict)
    waits_since: datetime | None = None
    choices: Mapping[str, Asked] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    kits: tuple[Kit, ...] = ()
    source: Mapping[str, object] = field(default_factory=dict)
    history: tuple[HistoryEntry, ...] = ()
    due_at: datetime | None = None
    look_at: datetime | None = None
    version: int = 0

    def line(self, line_id: str) -> OrderLine:
        """The line of that id; KeyError if there is none."""
        for line in self.lines:
            if line.line_id == line_id:
                return line
        raise KeyError(line_id)

    def with_lines(self, changed: Iterable[OrderLine]) -> Order:
        """The order with lines of the same id replaced."""
        by_id = {line.line_id: line for line in changed}
        return replace(self, lines=tuple(by_id.get(line.line_id, line) for line in self.lines))

    def is_forgotten(self, now: datetime) -> bool:
        """Whether nothing personal of its customer is taken in any more."""
        return self.forgotten or (self.forget_by is not None and self.forget_by < now)

    @property
    def wakes_at(self) -> datetime | None:
        """When the sweep looks at it. What has left keeps its promise or is told of by carriers."""
        here = any(line.units(bucket) for line in self.lines for bucket in NOT_LEFT)
        warn_at = self.authorization.warn_at if self.authorization else None
        times = (self.due_at, self.look_at if here else None, warn_at, self.choose_at)
        return min((at for at in times if at), default=None)

    @property
    def choose_at(self) -> datetime | None:
        """When a customer who was asked is reminded, or has not answered in time."""
        return min((one.next_at for one in self.choices.values()), default=None)

    @property
    def status(self) -> OrderStatus:
        """First match of the roll-up in docs/architecture.md."""
        return order_status(self.hold_reason, [line.buckets for line in self.lines])


# Holds during which no location gets work; the others are about what is not allocated yet.
STOPS_RELEASE = frozenset(
    {
        HoldReason.MANUAL,
        HoldReason.FRAUD_RISK,
        HoldReason.INCORRECT_ADDRESS,
        HoldReason.AWAITING_PAYMENT,
    }
)


def unheld(order: Order) -> Order:
    """The order without a hold of which nothing is left: all of it is cancelled."""
    if order_status(None, [line.buckets for line in order.lines]) is not OrderStatus.CANCELLED:
        return order
    return replace(order, hold_reason=None, hold_detail="", choices={})


def order_status(hold_reason: HoldReason | None, lines: Iterable[Buckets]) -> OrderStatus:
    """Roll buckets up to a status, in this order of precedence:

    HELD if held; CANCELLED all cancelled; CLOSED all delivered, collected, returned or cancelled;
    FULFILLED every uncancelled unit shipped or later; PARTIALLY_FULFILLED any such; ALLOCATED all
    open units assigned; PARTIALLY_ALLOCATED any; else OPEN. An order without lines is OPEN.
    """
    total: dict[Bucket, int] = {}
    for buckets in lines:
        for bucket, units in buckets.items():
            total[bucket] = total.get(bucket, 0) + units
    ordered = sum(total.values())
    live = ordered - total.get(Bucket.CANCELLED, 0)
    gone = sum(total.get(bucket, 0) for bucket in GONE)
    shipped = sum(total.get(bucket, 0) for bucket in SHIPPED_OR_LATER)
    assigned = sum(total.get(bucket, 0) for bucket in ASSIGNED)
    checks = (
        (hold_reason is not None, OrderStatus.HELD),
        (ordered > 0 and live == 0, OrderStatus.CANCELLED),
        (ordered > 0 and gone == live, OrderStatus.CLOSED),
        (live > 0 and shipped == live, OrderStatus.FULFILLED),
        (shipped > 0, OrderStatus.PARTIALLY_FULFILLED),
        (live > 0 and assigned == live, OrderStatus.ALLOCATED),
        (assigned > 0, OrderStatus.PARTIALLY_ALLOCATED),
    )
    return next((status for holds, status in checks if holds), OrderStatus.OPEN)
