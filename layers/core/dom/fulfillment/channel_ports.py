"""What telling sales channels needs from outside."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from dom.errors import Busy
from dom.fulfillment.ports import Floor, Orders
from dom.model.authorization import Authorization, Taken
from dom.model.clock import Clock
from dom.model.commit import Ledger
from dom.model.fulfillment import FulfillmentOrder
from dom.model.order import Order


class Shipments(Protocol):
    """Who tells sales channels of shipments."""

    def tell(self, order: Order, work: FulfillmentOrder, others: Collection[str]) -> str | None:
        """Tell of it, once however often it is asked; the channel's id. None: nobody to tell.

        `others`: ids there of the order's other work. Rejected: the channel refuses it. Busy: not
        now.
        """


class Cancellations(Protocol):
    """Who tells sales channels of what was cancelled."""

    def tell(self, order: Order) -> int:
        """Bring the channel in line, once however often it is asked; the units that this took off
        there. 0: nothing, or nobody to tell. Rejected: the channel refuses it. Busy: not now.
        """


class Payments(Protocol):
    """Who takes the money of orders that is only guaranteed."""

    def settle(self, order: Order, known: Authorization) -> Taken | None:
        """Capture what is due and let go what is not needed, once however often it is asked; how
        the money stands then. None: nobody to tell. Rejected: declined, expired or refused. Busy:
        not now.
        """


class Turns(Protocol):
    """Who may do something now."""

    def take(self, name: str) -> bool:
        """Whether it is ours; it is free again when given back, or by itself after a while."""

    def give_back(self, name: str) -> None:
        """Let the next one have it."""


def money_of(order_id: str) -> str:
    """The turn of whoever moves an order's money: what is captured while it is reckoned how much
    of it goes back would be paid back by nobody.
    """
    return f"money#{order_id}"


@contextmanager
def turn(name: str, turns: Turns) -> Iterator[None]:
    """One attempt at a time; what it finds outside must not change meanwhile. Busy: another one."""
    if not turns.take(name):
        raise Busy(f"{name} is being done")
    try:
        yield
    finally:
        turns.give_back(name)


@dataclass(frozen=True, slots=True)
class Confirming:
    """Ports of telling channels of shipments."""

    floor: Floor
    shipments: Shipments
    turns: Turns


@dataclass(frozen=True, slots=True)
class Cancelling:
    """Ports of telling channels of what was cancelled."""

    orders: Orders
    cancellations: Cancellations
    turns: Turns


@dataclass(frozen=True, slots=True)
class Charging:
    """Ports of taking money by way of channels."""

    orders: Orders
    payments: Payments
    turns: Turns
    ledger: Ledger
    clock: Clock
