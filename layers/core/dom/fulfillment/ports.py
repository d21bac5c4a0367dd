"""What the stage needs from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from secrets import randbelow
from typing import Protocol

from dom.model.clock import Clock
from dom.model.commit import Ledger
from dom.model.fulfillment import FulfillmentOrder, Parcel
from dom.model.ids import FulfillmentOrderId
from dom.model.location import Location
from dom.model.order import Order
from dom.model.outlet import Outlet
from dom.model.stock import Position
from dom.model.supplier import Supplier


class Orders(Protocol):
    """Consistent reads of orders and their work."""

    def load(self, order_id: str) -> Order | None:
        """The order, or None."""

    def fulfillment_order(self, fulfillment_order_id: str) -> FulfillmentOrder | None:
        """The FulfillmentOrder, or None."""

    def load_many(self, order_ids: Iterable[str]) -> list[Order]:
        """The orders that exist among these ids."""

    def works_among(self, names: Iterable[str]) -> list[FulfillmentOrder]:
        """The FulfillmentOrders that exist among these ids, in no order."""

    def works_of_parcel(self, key: str) -> list[FulfillmentOrderId]:
        """Those that left under that parcel key."""

    def fulfillment_orders(self, order_id: str) -> list[FulfillmentOrder]:
        """All of an order's, oldest first."""


class Stock(Protocol):
    """Consistent reads of positions."""

    def positions_of(self, pairs: list[tuple[str, str]]) -> list[Position]:
        """The positions that exist among these (sku, location_id)."""


class Places(Protocol):
    """The stores that hand over, suppliers that ship, and channels that sell."""

    def location(self, location_id: str) -> Location | None:
        """The location, or None."""

    def supplier(self, location_id: str) -> Supplier | None:
        """The supplier behind that location, or None."""

    def outlet(self, channel: str, account: str) -> Outlet | None:
        """How that account's orders are followed up at its channel, or None."""


def six_digits() -> str:
    """A pickup code that nobody can guess from others."""
    return f"{randbelow(10**6):06d}"


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long a store keeps what lies ready, unless it says otherwise itself: `days` after the
    day it became ready. `code` makes pickup codes.
    """

    days: int = 7
    remind_before: timedelta = timedelta(days=2)
    code: Callable[[], str] = six_digits


class Labels(Protocol):
    """Who makes the labels of parcels (a carrier)."""

    def label(self, work: FulfillmentOrder, order: Order, number: int, grams: int) -> Parcel:
        """The parcel of that number with its label, bought once however often it is asked.

        Rejected: not for this parcel. Busy: not now, or nobody knows: ask again.
        """


@dataclass(frozen=True, slots=True)
class Floor:
    """Ports and service levels. `accept_within`: from release; `ship_within`: from
    acceptance, from picking, and from packing until it has left or lies ready;
    `deliver_within`: from the promised delivery, or the shipment where nothing was promised;
    `choose_within`: how long a customer may choose what becomes of a pickup.
    """

    orders: Orders
    stock: Stock
    places: Places
    ledger: Ledger
    clock: Clock
    accept_within: timedelta = timedelta(hours=4)
    ship_within: timedelta = timedelta(hours=24)
    keeping: Keeping = Keeping()
    deliver_within: timedelta = timedelta(days=7)
    choose_within: timedelta = timedelta(days=3)
