"""One business fact as one transaction: what every use case hands to the ledger.

The ledger (`dom.aws.ledger`, or the in-memory fake of the tests, which passes the same contract)
writes a `Commit` whole or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from dom.model.decision import RoutingDecision
from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import FulfillmentOrderId, LocationId, OrderId, Sku
from dom.model.order import Order
from dom.model.reservation import ReservationChange
from dom.model.rma import Return
from dom.model.stock import StockChange
from dom.model.supply import SupplyOrder
from dom.model.tally import Tally

# DynamoDB: at most 100 items in one transaction, each item once.
MAX_WRITES = 100


@dataclass(frozen=True, slots=True)
class CapacityChange:
    """Take (> 0) or give back (< 0) slots (`units`) and `effort` of a location's local `day`.

    Taking checks that the location is open, that its bound is still `daily_capacity` (or
    `daily_effort`; None: unbounded) and that enough is left of the day, which starts with all of
    it. `forced`: a person takes it although it is closed, or less is left; it must be there.
    `arrives`: work comes although no more is taken than given back, so it must be open.
    `while_over`: given back only while more of the day is taken than one of its bounds allows.
    """

    location_id: LocationId
    day: date
    units: int
    daily_capacity: int | None
    arrives: bool = False
    effort: int = 0
    daily_effort: int | None = None
    forced: bool = False
    while_over: bool = False

    @property
    def must_be_open(self) -> bool:
        """Whether work comes; a change of nothing asks for the flag alone."""
        takes = self.units > 0 or self.effort > 0
        asks = takes or self.arrives or not (self.units or self.effort)
        return asks and not self.forced


@dataclass(frozen=True, slots=True)
class ReturnLoad:
    """Returned units that a location has (`units > 0`) or no longer has (`< 0`) to inspect."""

    location_id: LocationId
    units: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that counts once: refused if `key` was claimed before. Forgotten after `days`."""

    key: str
    order_id: OrderId
    received_at: datetime
    payload_digest: str = ""
    days: int = 30


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Name, address and contact, in an item of its own. Never logged, never in events.

    It is deleted by itself some days after `forget_by`; None: when somebody asks for it.
    """

    order_id: OrderId
    customer_id: str
    data: Mapping[str, object]
    forget_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class ParcelEntry:
    """A FulfillmentOrder under a number that a carrier may tell of (`dom.model.fulfillment`)."""

    key: str
    fulfillment_order_id: FulfillmentOrderId


class PlanStatus(StrEnum):
    """Stages of a plan that is committed in steps."""

    PLANNED = "planned"
    ABORTING = "aborting"
    COMMITTED = "committed"
    ABORTED = "aborted"


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """An allocation too large for one transaction, committed in steps.

    PLANNED: the stock of `works` is being reserved, `steps_done` steps of it so far. ABORTING: it
    is being given back. Then COMMITTED (the works exist) or ABORTED (nothing of it does).
    """

    id: str
    order_id: OrderId
    status: PlanStatus
    works: tuple[FulfillmentOrder, ...]
    decisions: tuple[RoutingDecision, ...] = ()
    steps_done: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Commit:
    """Everything one fact changes.

    Versions: `orders`, `fulfillment_orders`, `returns`, `plans`, `reservations` and `supply`
    carry the version they were read with (0: must not exist yet); the ledger stores version + 1.
    `id` is deterministic for the fact: it names the movements, so that a repeat is refused instead
    of counted twice. `forgotten`: orders whose personal data are erased.
    """

    id: str
    at: datetime
    actor: str
    orders: tuple[Order, ...] = ()
    fulfillment_orders: tuple[FulfillmentOrder, ...] = ()
    stock: tuple[StockChange, ...] = ()
    capacity: tuple[CapacityChange, ...] = ()
    decisions: tuple[RoutingDecision, ...] = ()
    claims: tuple[Claim, ...] = ()
    personal: tuple[PersonalData, ...] = ()
    plans: tuple[PlanRecord, ...] = ()
    reservations: tuple[ReservationChange, ...] = ()
    returns: tuple[Return, ...] = ()
    loads: tuple[ReturnLoad, ...] = ()
    tallies: tuple[Tally, ...] = ()
    parcels: tuple[ParcelEntry, ...] = ()
    forgotten: tuple[OrderId, ...] = ()
    supply: tuple[SupplyOrder, ...] = ()

    @property
    def writes(self) -> int:
        """Items it takes: a stock change is two (position, movement), a SKU with new positions one.

        That one is its availability document. Personal data are two, too: with the key.
        """
        return (
            len(self.orders)
            + len(self.fulfillment_orders)
            + 2 * len(self.stock)
            + len({change.sku for change in self.stock if change.creates})
            + len(self.capacity)
            + len(self.decisions)
            + len(self.claims)
            + 2 * (len(self.personal) + len(self.forgotten))
            + len(self.plans)
            + sum(change.writes for change in self.reservations)
            + len(self.returns)
            + len(self.loads)
            + len(self.tallies)
            + len(self.parcels)
            + sum(1 + len(order.places) for order in self.supply)
        )


class Ledger(Protocol):
    """Writes commits. Raises CommitRefused with one Conflict per failed condition, or Busy.

    Conflict kinds and keys: `order` order_id · `fulfillment_order` id · `position`
    (sku, location_id) in `found` (attributes of Position, None if missing), key `sku@location` ·
    `location` location_id (found: its state, with `left#<day>` and `effort#<day>`) · `movement`
    `sku@location` · `claim` key · `decision` id · `plan` id · `reservation` id · `return` id
    · `supply` id · `data_key` order_id.
    """

    def commit(self, commit: Commit) -> None:
        """Write it whole, or raise and change nothing."""


def position_key(sku: Sku | str, location_id: LocationId | str) -> str:
    """The key by which conflicts name a position."""
    return f"{sku}@{location_id}"
