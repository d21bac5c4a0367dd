"""What the stage needs from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from dom.model.clock import Clock
from dom.model.commit import Ledger, PersonalData
from dom.model.fulfillment import FulfillmentOrder
from dom.model.location import Location
from dom.model.order import Order
from dom.model.product import Assortment
from dom.model.refund import Refund
from dom.model.return_policy import ReturnPolicy
from dom.model.rma import Label, Return
from dom.model.rules import RuleSet
from dom.model.stock import Position
from dom.model.tally import Tally, TallyScope
from dom.sourcing.network import Network


class Orders(Protocol):
    """Consistent reads of orders, their work and their returns."""

    def load(self, order_id: str) -> Order | None:
        """The order, or None."""

    def fulfillment_orders(self, order_id: str) -> list[FulfillmentOrder]:
        """All of an order's, oldest first."""

    def rma(self, name: str) -> Return | None:
        """The return, or None."""

    def returns_of(self, order_id: str) -> list[Return]:
        """All of an order's, oldest first."""

    def personal(self, order_id: str) -> PersonalData | None:
        """Name, address and contact, or None when forgotten."""


class Stock(Protocol):
    """What is known of SKUs, and positions."""

    def assortment(self, skus: Iterable[str]) -> Assortment:
        """Available units by location and facts of the products, in one read."""

    def positions_of(self, pairs: Iterable[tuple[str, str]]) -> list[Position]:
        """The positions that exist among these (sku, location_id)."""


class Places(Protocol):
    """The network and what waits there."""

    def network(self, known: Iterable[str] = ()) -> Network:
        """The network, at most some seconds old, and never without the `known` locations."""

    def backlogs(self, location_ids: Iterable[str]) -> Mapping[str, int]:
        """Returned units to inspect, of those of the locations that are open."""


class Tallies(Protocol):
    """Counts of returns."""

    def tallies(self, scope: TallyScope, names: Iterable[str], period: str) -> Mapping[str, Tally]:
        """The counts of each of these keys; empty ones where nothing was counted."""


class Notes(Protocol):
    """What people write."""

    def seal(self, order_id: str, text: str) -> str:
        """The text as it may be stored: nobody reads it without asking, or once the order's
        customer is forgotten. Busy: not now.
        """


@dataclass(frozen=True, slots=True)
class Homeward:
    """The parcel of a return. `sender` sends it from where the ship group `group` was sent to; it
    weighs `grams` (0: nobody knows). Limits of the policy are in `currency`.
    """

    sender: PersonalData | None
    group: str
    to: Location
    grams: int
    currency: str


class Labels(Protocol):
    """Who makes labels (a carrier)."""

    def label(self, record: Return, parcel: Homeward, policy: ReturnPolicy) -> Label:
        """A label for the parcel, or a code for the counter; the same one when asked again, until
        a person has it asked for anew (`record.label_tries`).

        Rejected: not for these addresses, or not by this policy. Retryable: not now.
        """


class Refunds(Protocol):
    """Where money is paid back (the sales channel)."""

    def pay(self, order: Order, record: Return, refund: Refund) -> str:
        """Pay it, once however often it is asked; the channel's reference.

        Rejected: the channel refuses it. Retryable: not now, or nobody knows.
        """


@dataclass(frozen=True, slots=True)
class Returning:
    """Ports, and the rules that hold at this moment."""

    orders: Orders
    stock: Stock
    places: Places
    ledger: Ledger
    clock: Clock
    rules: RuleSet
    tallies: Tallies
    notes: Notes


@dataclass(frozen=True, slots=True)
class Settling:
    """Ports of what a return's execution does: labels and money."""

    returning: Returning
    labels: Labels
    refunds: Refunds
