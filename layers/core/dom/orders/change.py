"""Read an order, decide, commit; with the truth read again when somebody else was faster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from dom.errors import Busy, CommitRefused, NotFound
from dom.model.clock import Clock
from dom.model.commit import Commit, Ledger, PersonalData
from dom.model.fulfillment import FulfillmentOrder
from dom.model.order import Order
from dom.model.payment import followed_up

ATTEMPTS = 6
KEPT_REQUESTS = 20


# When nobody has carried it out by then, the sweep asks again.
LOOK_AGAIN = timedelta(minutes=5)


class Orders(Protocol):
    """Consistent reads of orders."""

    def load(self, order_id: str) -> Order | None:
        """The order, or None."""

    def fulfillment_orders(self, order_id: str) -> list[FulfillmentOrder]:
        """All of its work, oldest first."""

    def personal(self, order_id: str) -> PersonalData | None:
        """Name, address and contact, or None when forgotten."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Ports of the stage. `recipient_key` is what recipients are marked with, "": not at all."""

    orders: Orders
    ledger: Ledger
    clock: Clock
    recipient_key: Callable[[], str] = str


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants something of which order, and why. A repeated `request_id` changes nothing.

    `reason` is people's own words: it is in the timeline and in events.
    """

    order_id: str
    actor: str
    reason: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """The order as it is to be; its personal data and its work, as far as they change, too."""

    order: Order
    personal: PersonalData | None = None
    works: tuple[FulfillmentOrder, ...] = ()


def change_order(name: str, wish: Wish, decide: Callable[[Order], Changed], desk: Desk) -> Order:
    """The order as `decide` changed it and as it is stored now; a repeated request changes nothing.

    NotFound: there is no such order. Busy: it keeps changing. Whatever else `decide` raises.
    """
    for _ in range(ATTEMPTS):
        order = desk.orders.load(wish.order_id)
        if order is None:
            raise NotFound("order", wish.order_id)
        if wish.request_id and wish.request_id in order.requests:
            return order
        changed = decide(order)
        if changed.order == order:
            return order
        after = followed_up(changed.order, desk.clock(), wish.actor)
        after = _remembering(after, wish.request_id)
        commit = Commit(f"{order.order_id}:{name}:{order.version}", desk.clock(), wish.actor)
        personal = (changed.personal,) if changed.personal else ()
        try:
            facts = replace(commit, fulfillment_orders=changed.works, personal=personal)
            desk.ledger.commit(replace(facts, orders=(after,)))
        except CommitRefused:
            continue
        return replace(after, version=order.version + 1)
    raise Busy(f"order {wish.order_id} keeps changing")


def _remembering(order: Order, request_id: str) -> Order:
    if not request_id:
        return order
    return replace(order, requests=(*order.requests, request_id)[-KEPT_REQUESTS:])
