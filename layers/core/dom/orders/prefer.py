"""A customer says how, in which language and when to be told of an order."""

from __future__ import annotations

from dataclasses import replace

from dom.model.contact import DEFAULT, Contact
from dom.model.order import Order
from dom.orders.change import Changed, Desk, Wish, change_order


def prefer(wish: Wish, contact: Contact, desk: Desk) -> Order:
    """The order with the customer's wishes in place of those before. NotFound, Busy."""

    def decide(order: Order) -> Changed:
        return Changed(replace(order, contact=None if contact == DEFAULT else contact))

    return change_order("prefer", wish, decide, desk)
