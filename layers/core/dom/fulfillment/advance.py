"""Forward steps of a FulfillmentOrder: release, accept, pick, pack, ship, deliver."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dom.fulfillment import effects
from dom.fulfillment.change import Change
from dom.fulfillment.ports import Floor
from dom.fulfillment.units import advance_units
from dom.model.fulfillment import (
    FulfillmentOrder,
    FulfillmentStatus,
    Parcel,
    noted,
)
from dom.model.order import Order
from dom.model.work_machine import BUCKET_OF, FORWARD, check_edge

S = FulfillmentStatus

EVENT_OF = {
    S.RELEASED: "FulfillmentOrderReleased",
    S.ACCEPTED: "FulfillmentOrderAccepted",
    S.PICKING: "FulfillmentOrderPicked",
    S.PACKED: "FulfillmentOrderPacked",
    S.SHIPPED: "FulfillmentOrderShipped",
    S.DELIVERED: "FulfillmentOrderDelivered",
}

# A step that implies earlier ones: a WMS may send nothing but the shipment, and whoever accepts
# work has evidently been told of it.
_WALKS = frozenset({S.SHIPPED, S.ACCEPTED})


def advance(
    work: FulfillmentOrder,
    order: Order,
    target: FulfillmentStatus,
    floor: Floor,
    actor: str,
    parcels: tuple[Parcel, ...] = (),
) -> Change:
    """The change to `target`, over the missing edges where the step implies them.

    IllegalTransition, naming the state found, when there is no way there.
    """
    now = floor.clock()
    source = work.status
    for status in _path(work, target):
        check_edge(work, status)
        work = replace(work, status=status, due_at=_due(status, now, floor))
        if parcels and status is target:
            work = replace(work, parcels=parcels)
        work = noted(work, now, EVENT_OF[status], actor, **_facts(work))
    order = advance_units(order, work.lines, BUCKET_OF[source], BUCKET_OF[target])
    stock = effects.shipment(work) if target is S.SHIPPED else ()
    changed = order if BUCKET_OF[source] != BUCKET_OF[target] else None
    return Change(target.value, now, actor, work, changed, stock)


def _path(work: FulfillmentOrder, target: FulfillmentStatus) -> tuple[FulfillmentStatus, ...]:
    if target not in _WALKS or work.status not in FORWARD:
        return (target,)
    start, end = FORWARD.index(work.status), FORWARD.index(target)
    return FORWARD[start + 1 : end + 1] or (target,)


def _due(status: FulfillmentStatus, now: datetime, floor: Floor) -> datetime | None:
    within: dict[FulfillmentStatus, timedelta] = {
        S.RELEASED: floor.accept_within,
        S.ACCEPTED: floor.ship_within,
        S.PICKING: floor.ship_within,
    }
    return now + within[status] if status in within else None


def _facts(work: FulfillmentOrder) -> dict[str, object]:
    if work.status is not S.SHIPPED:
        return {}
    parcels = [
        {"tracking_number": p.tracking_number, "carrier": p.carrier, "tracking_url": p.tracking_url}
        for p in work.parcels
    ]
    return {"parcels": parcels, "method": work.method.value}
