"""Work that ends without a shipment: rejected, expired, or taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dom.errors import IllegalTransition
from dom.fulfillment import effects
from dom.fulfillment.change import Change
from dom.fulfillment.ports import Floor
from dom.fulfillment.units import give_up_units
from dom.model.cancelled import cancel_units
from dom.model.choice import COUNTER, asked, group_of, settled, waiting_units
from dom.model.commit import position_key
from dom.model.fulfillment import (
    FulfillmentLine,
    FulfillmentOrder,
    FulfillmentStatus,
    RejectReason,
    ended,
    noted,
)
from dom.model.ids import LocationId
from dom.model.order import Order
from dom.model.parts import split, split_whole
from dom.model.stock import StockChange
from dom.model.work_machine import BUCKET_OF, check_edge

S = FulfillmentStatus


def reject(
    work: FulfillmentOrder,
    order: Order,
    reason: RejectReason,
    units: Mapping[str, int] | None,
    floor: Floor,
    actor: str,
    *,
    torn: bool = False,
) -> Change:
    """The location refuses all of it, or `units` by line id, and with them the rest of their kits,
    unless these are `torn`: it has left.

    All of that is routed again, never to this location; its stock is corrected as the reason says
    of the units that are named.
    InvalidInput names a line that is not there or has fewer units.
    """
    check_edge(work, S.REJECTED)
    now = floor.clock()
    named, _ = split(work, units)
    refused, kept = split(work, units) if torn else split_whole(work, units, order)
    stock = _stock_after(work, named, refused, reason, floor)
    order = give_up_units(order, refused, BUCKET_OF[work.status], work.held_by)
    order = await_choice(order, work, floor, actor)
    entry = {"reason": reason.value, "refused": {x.line_id: x.quantity for x in refused}}
    work = noted(work, now, "FulfillmentOrderRejected", actor, **entry)
    if kept:
        return Change("partly_rejected", now, actor, replace(work, lines=kept), order, stock)
    work = replace(ended(work, S.REJECTED), reject_reason=reason.value)
    return Change("rejected", now, actor, work, order, stock, frees_capacity=True)


def expire(work: FulfillmentOrder, order: Order, floor: Floor) -> Change:
    """The service level ran out: as a reject that says nothing about stock."""
    check_edge(work, S.EXPIRED)
    now = floor.clock()
    order = give_up_units(order, work.lines, BUCKET_OF[work.status], work.location_id)
    order = await_choice(order, work, floor, "sweeper")
    found = work.status.value
    work = noted(work, now, "FulfillmentOrderExpired", "sweeper", found=found)
    stock = effects.release(work, work.lines)
    work = ended(work, S.EXPIRED)
    return Change("expired", now, "sweeper", work, order, stock, frees_capacity=True)


def withdraw(work: FulfillmentOrder, order: Order, floor: Floor) -> Change | None:
    """Take back what the channel cancelled of this work; None if nothing of it is here.

    What is packed already is only asked for (CANCEL_REQUESTED): a person must stop the parcel.
    """
    taken = _wanted(work, order)
    if not taken or work.status is S.CANCEL_REQUESTED:
        return None
    if work.status is not S.PACKED:
        return take_back(work, order, taken, floor, "channel")
    now = floor.clock()
    work = noted(work, now, "CancellationRequested", "channel", units=taken)
    return Change("ask", now, "channel", replace(work, status=S.CANCEL_REQUESTED))


def confirm_cancel(work: FulfillmentOrder, order: Order, floor: Floor, actor: str) -> Change:
    """The location has stopped the parcel: the asked units come back, the rest stays packed."""
    _check_asked(work, S.CANCELLED)
    work = replace(work, status=S.PACKED)
    taken = _wanted(work, order)
    if taken:
        return take_back(work, order, taken, floor, actor)
    return Change("kept", floor.clock(), actor, work)


def refuse_cancel(work: FulfillmentOrder, order: Order, floor: Floor, actor: str) -> Change:
    """Too late at the location: it goes out, and the wish is off the order."""
    _check_asked(work, S.PACKED)
    now, taken = floor.clock(), _wanted(work, order)
    left = {line: units - taken.get(line, 0) for line, units in order.withdraw.items()}
    order = replace(order, withdraw={line: units for line, units in left.items() if units})
    work = noted(work, now, "CancellationRefused", actor, units=taken)
    return Change("refused", now, actor, replace(work, status=S.PACKED), order)


def _check_asked(work: FulfillmentOrder, answer: FulfillmentStatus) -> None:
    if work.status is not S.CANCEL_REQUESTED:
        raise IllegalTransition("fulfillment order", work.id, work.status, answer)


def _wanted(work: FulfillmentOrder, order: Order) -> dict[str, int]:
    """Units by line that the channel has cancelled and this work holds."""
    return {
        line.line_id: min(order.withdraw[line.line_id], line.quantity)
        for line in work.lines
        if order.withdraw.get(line.line_id)
    }


def take_back(
    work: FulfillmentOrder, order: Order, taken: Mapping[str, int], floor: Floor, actor: str
) -> Change:
    """Cancel the taken units, by line id: they are back in stock. Work without units is over."""
    now = floor.clock()
    refused, kept = split(work, taken)
    order = cancel_units(order, taken, BUCKET_OF[work.status])
    stock = effects.release(work, refused)
    work = noted(work, now, "FulfillmentOrderCancelled", actor, units=taken)
    if kept:
        return Change("partly_cancelled", now, actor, replace(work, lines=kept), order, stock)
    work = ended(work, S.CANCELLED)
    return Change("cancelled", now, actor, work, order, stock, frees_capacity=True)


def _stock_after(
    work: FulfillmentOrder,
    named: tuple[FulfillmentLine, ...],
    refused: tuple[FulfillmentLine, ...],
    reason: RejectReason,
    floor: Floor,
) -> tuple[StockChange, ...]:
    pairs: list[tuple[str, str]] = [(line.sku, work.held_by) for line in named]
    found = floor.stock.positions_of(pairs) if reason is not RejectReason.NO_VARIANCE else []
    positions = {position_key(p.sku, p.location_id): p for p in found}
    return effects.rejection(work, named, reason, positions, refused)


def await_choice(order: Order, work: FulfillmentOrder, floor: Floor, actor: str) -> Order:
    """A pickup is never sent elsewhere without the customer: its units wait for the choice."""
    if work.method not in COUNTER:
        return order
    group = group_of(order, work.ship_group_id)
    gone = order.chosen and group and group.id in order.chosen and group.method not in COUNTER
    if group is None or gone:
        return order  # the rest of it goes another way by now, as its customer chose
    if not waiting_units(order, group.id):
        return settled(order)  # all of it was cancelled meanwhile
    said, within = {"fulfillment_order_id": work.id}, floor.choose_within
    place = LocationId(work.held_by)
    return asked(order, group.id, place, floor.clock(), within, actor, **said)
