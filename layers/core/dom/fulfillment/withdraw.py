"""Cancellations of the channel reach the work they concern; what has left is refused."""

from __future__ import annotations

from dataclasses import replace

from dom.fulfillment.actions import change_work
from dom.fulfillment.change import is_open
from dom.fulfillment.give_up import withdraw
from dom.fulfillment.order_change import change_order
from dom.fulfillment.ports import Floor
from dom.model.cancelled import cancel_told, cancel_units
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.history import append
from dom.model.order import UNASSIGNED, Order
from dom.model.payment import followed_up

ACTOR = "channel"


def withdraw_units(order_id: str, floor: Floor) -> None:
    """Take the order's cancelled units back from its work, the newest first.

    Each work is one transaction, so a repeat goes on where the last attempt stopped. What is
    packed is asked for; what has shipped is given up with an event that a person sees.
    """
    order = floor.orders.load(order_id)
    if order is None or not order.withdraw:
        return
    for work in reversed(floor.orders.fulfillment_orders(order_id)):
        if is_open(work):
            change_work(work.id, lambda w, o: withdraw(w, o, floor) if is_open(w) else None, floor)
    _close(order_id, floor)


def _close(order_id: str, floor: Floor) -> None:
    def decide(order: Order) -> Order:
        settled = settle_rest(order, floor.orders.fulfillment_orders(order_id), floor)
        if settled == order:
            return order
        settled = cancel_told(order, settled, floor.clock(), ACTOR)
        return followed_up(settled, floor.clock(), ACTOR)

    change_order("withdraw", order_id, ACTOR, decide, floor)


def settle_rest(order: Order, works: list[FulfillmentOrder], floor: Floor) -> Order:
    """The order after its work was asked: unassigned units cancelled, shipped ones refused.

    Units in packed work stay wished for until the location has answered.
    """
    for bucket in UNASSIGNED:
        units = {
            line: min(wanted, order.line(line).units(bucket))
            for line, wanted in order.withdraw.items()
        }
        order = cancel_units(order, {line: n for line, n in units.items() if n}, bucket)
    asked = _asked(works)
    refused = {line: units - asked.get(line, 0) for line, units in order.withdraw.items()}
    refused = {line: units for line, units in refused.items() if units > 0}
    if not refused:
        return order
    left = {line: units - refused.get(line, 0) for line, units in order.withdraw.items()}
    history = append(
        order.history, floor.clock(), "CancellationRefused", "fulfillment", units=refused
    )
    return replace(order, withdraw={k: n for k, n in left.items() if n}, history=history)


def _asked(works: list[FulfillmentOrder]) -> dict[str, int]:
    units: dict[str, int] = {}
    for work in works:
        if work.status is FulfillmentStatus.CANCEL_REQUESTED:
            for line in work.lines:
                units[line.line_id] = units.get(line.line_id, 0) + line.quantity
    return units
