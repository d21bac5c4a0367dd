"""The page that a token opens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from dom.errors import NotFound
from dom.model.contact import DEFAULT
from dom.model.fulfillment import FulfillmentOrder
from dom.model.order import Order
from dom.model.rma import Return
from dom.model.tracking_link import order_of
from dom.tracking.choice import OtherStores
from dom.tracking.page import page_of
from dom.tracking.shipment import Places
from dom.tracking.story import story_of
from dom.words.language import language_of


class Orders(Protocol):
    """Consistent reads of an order and its work."""

    def load(self, order_id: str) -> Order | None:
        """The order as last written."""

    def fulfillment_orders(self, order_id: str) -> Iterable[FulfillmentOrder]:
        """All its FulfillmentOrders, oldest first."""

    def returns_of(self, order_id: str) -> Iterable[Return]:
        """All its returns, oldest first."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Ports. `keys` are those that tokens may be signed with, `stores` where else a pickup could be
    handed over.
    """

    keys: Callable[[], Sequence[str]]
    orders: Orders
    places: Places
    stores: OtherStores = lambda order, group: ()


def show(token: str, wanted: Sequence[str], desk: Desk, notice: str = "") -> str:
    """The page of the token's order, in its language, else in the first `wanted` one that we write.

    `notice`: the name of words on what the customer just did.
    NotFound: the token opens nothing, or its customer was forgotten. Busy: not now.
    """
    order = opened(token, desk)
    language = language_of((order.contact or DEFAULT).locale, order.locale, *wanted)
    orders, order_id = desk.orders, order.order_id
    works, returns = orders.fulfillment_orders(order_id), orders.returns_of(order_id)
    story = story_of(order, works, returns, desk.places, language, desk.stores)
    if notice:
        story = replace(story, notice=language.page[notice])
    return page_of(story, language)


def opened(token: str, desk: Desk) -> Order:
    """The order that the token opens. NotFound: none, or its customer was forgotten. Busy."""
    order = desk.orders.load(order_of(token, desk.keys()))
    if order is None or order.forgotten:
        raise NotFound("page", "of this link")
    return order
