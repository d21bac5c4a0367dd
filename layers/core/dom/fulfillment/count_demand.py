"""Count what a write of an order had no room for: see `dom.model.demand`."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from dom.errors import CommitRefused
from dom.model.commit import Commit, Ledger
from dom.model.demand import uncounted
from dom.model.order import Order

ACTOR = "demand"


def count_demand(order: Order, ledger: Ledger, at: datetime) -> None:
    """Write the order as it stands, which counts its demand. Repeating it is harmless.

    An order that was written meanwhile has counted itself. Busy, Rejected: see `Ledger`.
    """
    if not uncounted(order):
        return
    commit = Commit(f"{order.order_id}:count:{order.version}", at, ACTOR, orders=(order,))
    with suppress(CommitRefused):
        ledger.commit(commit)
