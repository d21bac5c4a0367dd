"""A customer is forgotten: name, address and contact of an order are gone, its figures stay. So are
labels and photos: their keys in the order lead nowhere from then on.

What a channel tells again later does not bring them back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from dom.errors import Busy, CommitRefused
from dom.intake.ports import Papers, Records
from dom.model.commit import Commit, Ledger
from dom.model.history import append
from dom.model.ids import OrderId
from dom.model.order import Order
from dom.model.recipient import unmarked
from dom.model.rma import Return

ATTEMPTS = 8


def forget(
    order_id: OrderId, orders: Records, ledger: Ledger, papers: Papers, now: datetime, actor: str
) -> list[OrderId]:
    """Forget whose order it is, and whose the exchanges made of it are; the orders that had
    something to forget. Those that are not here are none. Busy: they keep changing, or files cannot
    be deleted now.
    """
    done: list[OrderId] = []
    todo = [order_id]
    while todo:
        name = todo.pop()
        # First: if it breaks off here, it is all done again.
        papers.erase(name, _papers(orders, name))
        if _forget(name, orders, ledger, now, actor):
            done.append(name)
        exchanges = (one.exchange_order_id for one in orders.returns_of(name))
        todo += [one for one in exchanges if one and one not in done]
    return done


def _forget(order_id: OrderId, orders: Records, ledger: Ledger, now: datetime, actor: str) -> bool:
    for _ in range(ATTEMPTS):
        order, told = orders.load(order_id), list(_told(orders.returns_of(order_id)))
        if order is None or (order.forgotten and not told and orders.personal(order_id) is None):
            return False
        name = f"{order_id}:forget:{order.version}"
        commit = Commit(name, now, actor, orders=(_without(order, now, actor),))
        works = (one for one in orders.fulfillment_orders(order_id) if one.recipient)
        open_work = tuple(replace(one, recipient=None) for one in works)
        commit = replace(commit, fulfillment_orders=open_work)
        try:
            ledger.commit(replace(commit, forgotten=(order_id,), returns=tuple(told)))
        except CommitRefused:
            continue
        return True
    raise Busy(f"order {order_id} keeps changing")


def _without(order: Order, now: datetime, actor: str) -> Order:
    history = append(order.history, now, "OrderForgotten", actor)
    return replace(unmarked(order), forgotten=True, history=history)


def _papers(orders: Records, order_id: OrderId) -> set[str]:
    """Labels with the address, and photos, of the order's work and returns."""
    works, returns = orders.fulfillment_orders(order_id), orders.returns_of(order_id)
    found = {parcel.label for work in works for parcel in work.parcels}
    for record in returns:
        found |= {record.label.label_url} if record.label else set()
        found |= {key for line in record.lines for key in line.photos}
        found |= {key for grade in record.grades for key in grade.photos}
    return found - {""}


def _told(returns: list[Return]) -> Iterator[Return]:
    """Returns with notes that people wrote, or photos, without them."""
    for record in returns:
        lines = tuple(replace(line, note="", photos=()) for line in record.lines)
        unexpected = tuple(replace(one, note="") for one in record.unexpected)
        grades = tuple(replace(one, photos=()) for one in record.grades)
        changed = replace(record, lines=lines, unexpected=unexpected, grades=grades)
        if changed != record:
            yield changed
