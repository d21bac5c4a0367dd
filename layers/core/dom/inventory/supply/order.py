"""An order is made, closed or cancelled; what moves is in `move`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from dom.errors import (
    Busy,
    CommitRefused,
    IdempotencyMismatch,
    IllegalTransition,
    InvalidInput,
    NotFound,
)
from dom.inventory.supply.ports import Dock, Reach
from dom.model.commit import Commit
from dom.model.stock import StockChange
from dom.model.supply import MOST_BYTES, SupplyOrder, SupplyStatus

ATTEMPTS = 12
# What a step makes of an order, with the stock that moves; None: nothing is left to do.
Step = Callable[[SupplyOrder], tuple[SupplyOrder, tuple[StockChange, ...]] | None]

End = Callable[[str, str, Reach, Dock], SupplyOrder]


def place(wanted: SupplyOrder, dock: Dock) -> SupplyOrder:
    """Note what is asked for; again: the order that stands.

    InvalidInput: a location does not exist. IdempotencyMismatch: the number was used for other
    lines.
    """
    missing = wanted.places - dock.places.existing(wanted.places)
    for location_id in sorted(missing):
        field = "location_id" if location_id == wanted.location_id else "from_location_id"
        raise InvalidInput(field, f"location {location_id} does not exist")
    try:
        _write(wanted, (), f"supply-{wanted.id}", wanted.created_by, dock)
    except CommitRefused:
        return _same(wanted, dock)
    return replace(wanted, version=1)


def _same(wanted: SupplyOrder, dock: Dock) -> SupplyOrder:
    stored = found(wanted.id, dock)
    asked = {line.sku: line.ordered for line in stored.lines if line.ordered}
    if asked != {line.sku: line.ordered for line in wanted.lines}:
        raise IdempotencyMismatch(f"reference {wanted.reference} was used for other lines")
    return stored


def close(order_id: str, actor: str, reach: Reach, dock: Dock) -> SupplyOrder:
    """Nothing more is awaited: what did not come is short. Again: the same."""
    return _end(order_id, SupplyStatus.CLOSED, actor, reach, dock)


def cancel(order_id: str, actor: str, reach: Reach, dock: Dock) -> SupplyOrder:
    """Nothing of it is wanted any more; again: the same.

    IllegalTransition: some of it is on its way, or came.
    """
    return _end(order_id, SupplyStatus.CANCELLED, actor, reach, dock)


def expect(order_id: str, on: date | None, actor: str, reach: Reach, dock: Dock) -> SupplyOrder:
    """It should come on another day; None: nobody knows when. Again: the same.

    IllegalTransition: it is over.
    """

    def step(order: SupplyOrder) -> tuple[SupplyOrder, tuple[StockChange, ...]] | None:
        reach(order.location_id)
        if order.expected_on == on:
            return None
        if not order.listed:
            raise IllegalTransition(f"{order.kind.value} order", order.id, order.status, "expected")
        return replace(order, expected_on=on), ()

    return change(order_id, step, f"supply-{order_id}-expected", actor, dock)


def ending(action: str) -> End:
    """The end of that name; NotFound if there is none."""
    ends: dict[str, End] = {"close": close, "cancel": cancel}
    if action not in ends:
        raise NotFound("action", action[:80])
    return ends[action]


def _end(order_id: str, status: SupplyStatus, actor: str, reach: Reach, dock: Dock) -> SupplyOrder:
    def step(order: SupplyOrder) -> tuple[SupplyOrder, tuple[StockChange, ...]] | None:
        reach(order.location_id)
        if order.status is status:
            return None
        return replace(order.to(status), ended_at=dock.clock()), ()

    return change(order_id, step, f"supply-{order_id}-{status.value}", actor, dock)


def change(order_id: str, step: Step, commit_id: str, actor: str, dock: Dock) -> SupplyOrder:
    """Take a step on the order as it stands, with the stock that moves, in one transaction.

    NotFound: there is none. Busy: it, or its stock, moved a dozen times in a row.
    """
    for _ in range(ATTEMPTS):
        order = found(order_id, dock)
        made = step(order)
        if made is None:
            return order
        try:
            _write(*made, commit_id, actor, dock)
        except CommitRefused:
            continue
        return replace(made[0], version=order.version + 1)
    raise Busy(f"supply order {order_id} or its stock keeps moving")


def found(order_id: str, dock: Dock) -> SupplyOrder:
    """The order as it stands; NotFound: there is none."""
    order = dock.orders.load(order_id)
    if order is None:
        raise NotFound("supply order", order_id)
    return order


def _write(
    order: SupplyOrder, stock: tuple[StockChange, ...], commit_id: str, actor: str, dock: Dock
) -> None:
    if order.bytes > MOST_BYTES:
        raise InvalidInput("lines", "they are too much for one order: make several")
    dock.ledger.commit(Commit(commit_id, dock.clock(), actor, supply=(order,), stock=stock))
