"""What was shipped and did not reach the customer: a person decides, and nothing waits for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dom.errors import IllegalTransition, InvalidInput
from dom.fulfillment import effects
from dom.fulfillment.advance import advance
from dom.fulfillment.change import Change
from dom.fulfillment.outlook import carried
from dom.fulfillment.ports import Floor
from dom.fulfillment.terms import delivery_due
from dom.fulfillment.units import give_up_units
from dom.model.cancelled import cancel_noted
from dom.model.fulfillment import (
    FulfillmentLine,
    FulfillmentOrder,
    FulfillmentStatus,
    Parcel,
    ended,
    noted,
    units_by_line,
)
from dom.model.order import Bucket, Order
from dom.model.parts import split
from dom.model.work_machine import check_edge, way

S = FulfillmentStatus
DELIVERED = "delivered"
# Scans of a parcel that will not arrive, and what is told of them.
FAILURES: Mapping[str, str] = {"return_to_sender": "returned_to_sender", "failure": "lost"}
NO_NEWS = "no_news"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What becomes of units that did not arrive: sent `again`, from anywhere, or written off.

    `units` by line id; None: those of the failed parcels. `restock`: they are back where they were
    sent from, and as new.
    """

    again: bool
    units: Mapping[str, int] | None = None
    restock: bool = False


def fail(work: FulfillmentOrder, reason: str, floor: Floor, actor: str) -> Change:
    """It will not arrive. Whoever looks at `delivery_failed` settles it."""
    check_edge(work, S.DELIVERY_FAILED)
    now = floor.clock()
    work = noted(work, now, "FulfillmentOrderFailed", actor, reason=reason)
    work = replace(work, status=S.DELIVERY_FAILED, failure=reason, due_at=None)
    return Change("failed", now, actor, work)


def unheard_of(work: FulfillmentOrder, order: Order, floor: Floor) -> Change:
    """Its time is over. Parcels that nobody ever scanned count as delivered: nobody tracks them.

    What a carrier had, or what is on its way to one of our own stores, is missing.
    """
    tracked = any(parcel.scan for parcel in work.parcels)
    if tracked or S.DELIVERED not in way(work):
        change = fail(work, NO_NEWS, floor, "sweeper")
        told = carried(order, change.work, change.at)
        return replace(change, order=told if told != order else None)
    return advance(work, order, S.DELIVERED, floor, "sweeper", said={"assumed": True})


def settle(
    work: FulfillmentOrder, order: Order, how: Settlement, floor: Floor, actor: str
) -> Change:
    """Units of a failed delivery are routed again, or cancelled so that whoever pays hears of it.

    InvalidInput names lines that are not there, or asks for them where nobody knows what the failed
    parcels held. IllegalTransition, naming the state found, unless the delivery failed.
    """
    name = "reshipped" if how.again else "written_off"
    if work.status is not S.DELIVERY_FAILED:
        raise IllegalTransition("fulfillment order", work.id, work.status, name)
    now, why = floor.clock(), work.failure
    gone, kept = split(work, _units(work) if how.units is None else how.units)
    units = units_by_line(gone)
    if how.again:
        order = give_up_units(order, gone, Bucket.SHIPPED, None)
    else:
        order = cancel_noted(order, units, Bucket.SHIPPED, why, now, actor)
    stock = effects.returned(work, gone) if how.restock else ()
    type_ = "FulfillmentOrderReshipped" if how.again else "FulfillmentOrderLost"
    work = noted(work, now, type_, actor, units=units, restocked=how.restock)
    rest = _rest(work, order, kept, name, floor, actor)
    return replace(rest, name=name, stock=stock)


def _rest(
    work: FulfillmentOrder,
    order: Order,
    kept: tuple[FulfillmentLine, ...],
    name: str,
    floor: Floor,
    actor: str,
) -> Change:
    """The work without its failed parcels: delivered, on its way, still failed, or over."""
    now = floor.clock()
    if not kept:
        work = replace(ended(work, S.CANCELLED), cancel_reason=name)
        return Change(name, now, actor, work, order)
    parcels = tuple(parcel for parcel in work.parcels if not _failed(work, parcel))
    if not parcels:
        return Change(name, now, actor, replace(work, lines=kept), order)
    work = replace(work, lines=kept, parcels=parcels)
    if all(one.scan == DELIVERED for one in parcels) and S.DELIVERED in way(work):
        return advance(work, order, S.DELIVERED, floor, actor)
    work = replace(work, status=S.SHIPPED, failure="", due_at=delivery_due(work, now, floor))
    return Change(name, now, actor, work, order)


def _units(work: FulfillmentOrder) -> Mapping[str, int] | None:
    """What the failed parcels held; None: everything."""
    failed = [parcel for parcel in work.parcels if _failed(work, parcel)]
    if len(failed) == len(work.parcels):
        return None
    if not all(parcel.units for parcel in failed):
        raise InvalidInput("lines", "say what was in the failed parcels: nobody noted it")
    units: dict[str, int] = {}
    for parcel in failed:
        for line_id, quantity in parcel.units.items():
            units[line_id] = units.get(line_id, 0) + quantity
    return units


def _failed(work: FulfillmentOrder, parcel: Parcel) -> bool:
    if work.failure == NO_NEWS:
        return parcel.scan != DELIVERED
    return parcel.scan in FAILURES
