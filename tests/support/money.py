"""Orders whose money is guaranteed, and what happens to their units."""

from __future__ import annotations

from dataclasses import replace

from dom.model.authorization import Authorization
from dom.model.order import Bucket, Order, OrderLine
from dom.model.payment import followed_up
from dom.model.totals import order_total
from support.builders import NOW, order

B = Bucket
# What happens to units of a line: from which bucket to which.
MOVES = {
    "ship": (B.PENDING, B.SHIPPED),
    "deliver": (B.SHIPPED, B.DELIVERED),
    "cancel": (B.PENDING, B.CANCELLED),
    "give back": (B.DELIVERED, B.RETURNED),
    "write off": (B.SHIPPED, B.CANCELLED),
    "send again": (B.SHIPPED, B.PENDING),
}
EDIT = "edit"


def bought(*lines: OrderLine, fees: int = 0, **rest: object) -> Order:
    """An order whose whole price is guaranteed."""
    made = replace(order("ord_a", *lines), **rest)  # type: ignore[arg-type]
    amount = order_total(made) + fees
    return replace(made, authorization=Authorization(amount, fees=fees))


def after(order: Order, step: tuple[str, int, int]) -> Order:
    """The order after as much of the step as is possible."""
    name, index, units = step
    found = order.lines[index % len(order.lines)]
    if name == EDIT:
        pending = found.units(B.PENDING) + units
        buckets = {**found.buckets, B.PENDING: pending}
        more = replace(found, quantity=found.quantity + units, buckets=buckets)
        return followed_up(order.with_lines([more]), NOW, "test")
    source, target = MOVES[name]
    moved = found.moved(source, target, min(units, found.units(source)))
    return followed_up(order.with_lines([moved]), NOW, "test")


def money(order: Order) -> Authorization:
    assert order.authorization
    return order.authorization
