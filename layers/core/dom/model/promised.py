"""When a customer is to have a ship group, as the customer was told, and how that moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from dom.model.clock import to_text
from dom.model.history import append
from dom.model.order import GONE, Bucket, Order, OrderLine

MOVED = "PromiseMoved"


class MoveReason(StrEnum):
    """Why what was told does not hold, or why there is more to tell now."""

    LATE = "late"  # a location has not handed over in time
    REROUTED = "rerouted"  # what sends it now takes longer
    SHORT = "short"  # nobody has it
    SUPPLY = "supply"  # the day of the delivery that it waits for
    RELEASE = "release"  # the day from which it may be sold
    CARRIER = "carrier"  # its carrier says so


def promise_of(order: Order, ship_group_id: str) -> datetime | None:
    """Until when the customer expects to have it: what was told last. None: nothing was promised,
    or the customer knows that nobody knows.
    """
    if ship_group_id in order.told:
        return order.told[ship_group_id]
    return next((g.promised_by for g in order.ship_groups if g.id == ship_group_id), None)


def move_promise(
    order: Order,
    ship_group_id: str,
    new: datetime | None,
    reason: MoveReason,
    now: datetime,
    actor: str,
) -> Order:
    """The order with PromiseMoved in its history; as it is if the customer knows that already.

    `new`: until when all of the group is with the customer; None: nobody knows any more. The event
    is what customers are told by, once for each word that differs from the one before.
    """
    old = promise_of(order, ship_group_id)
    if old == new:
        return order
    facts = {
        "ship_group_id": ship_group_id,
        "old": to_text(old) if old else None,
        "new": to_text(new) if new else None,
        "reason": reason.value,
    }
    history = append(order.history, now, MOVED, actor, **facts)
    return replace(order, told={**order.told, ship_group_id: new}, history=history)


def awaited(line: OrderLine) -> int:
    """Units of a line that its customer still waits for."""
    over = sum(line.units(bucket) for bucket in (*GONE, Bucket.CANCELLED))
    return line.quantity - over
