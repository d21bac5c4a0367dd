"""Read an order, decide, commit; with the truth read again when somebody else was faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from dom.errors import Busy, CommitRefused, NotFound
from dom.fulfillment.ports import Orders
from dom.model.clock import Clock
from dom.model.commit import Commit, Ledger
from dom.model.order import Order

ATTEMPTS = 6


class Books(Protocol):
    """Where orders are read and written."""

    @property
    def orders(self) -> Orders:
        """Consistent reads."""

    @property
    def ledger(self) -> Ledger:
        """Writes."""

    @property
    def clock(self) -> Clock:
        """Now."""


def change_order(
    name: str, order_id: str, actor: str, decide: Callable[[Order], Order], books: Books
) -> Order:
    """The order as `decide` left it; nothing is written where it changes nothing.

    NotFound: no such order. Busy: it keeps changing.
    """
    for _ in range(ATTEMPTS):
        order = books.orders.load(order_id)
        if order is None:
            raise NotFound("order", order_id)
        after = decide(order)
        if after == order:
            return order
        commit = Commit(f"{order_id}:{name}:{order.version}", books.clock(), actor, orders=(after,))
        try:
            books.ledger.commit(commit)
        except CommitRefused:
            continue
        return after
    raise Busy(f"order {order_id} keeps changing")
