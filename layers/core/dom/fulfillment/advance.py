"""Forward steps of a FulfillmentOrder: release, accept, pick, pack, ship, deliver, lie ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from dom.fulfillment import effects
from dom.fulfillment.change import Change
from dom.fulfillment.keep import kept_ready
from dom.fulfillment.ports import Floor
from dom.fulfillment.terms import entered
from dom.fulfillment.units import advance_units
from dom.model.clock import to_text
from dom.model.commit import ParcelEntry, position_key
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, Parcel, noted
from dom.model.order import Order
from dom.model.stock import StockChange
from dom.model.work_machine import BUCKET_OF, check_edge, way

S = FulfillmentStatus

EVENT_OF = {
    S.RELEASED: "FulfillmentOrderReleased",
    S.ACCEPTED: "FulfillmentOrderAccepted",
    S.PICKING: "FulfillmentOrderPicked",
    S.PACKED: "FulfillmentOrderPacked",
    S.SHIPPED: "FulfillmentOrderShipped",
    S.DELIVERED: "FulfillmentOrderDelivered",
    S.READY_FOR_PICKUP: "FulfillmentOrderReadied",
}

# A step that implies earlier ones: a WMS may send nothing but the shipment, a store nothing but
# that it is ready, and whoever accepts work has evidently been told of it.
_WALKS = frozenset({S.SHIPPED, S.READY_FOR_PICKUP, S.ACCEPTED})


def advance(
    work: FulfillmentOrder,
    order: Order,
    target: FulfillmentStatus,
    floor: Floor,
    actor: str,
    parcels: tuple[Parcel, ...] = (),
    said: Mapping[str, object] = MappingProxyType({}),
) -> Change:
    """The change to `target`, over the missing edges where the step implies them.

    `said`: what the event of the last step adds.

    IllegalTransition, naming the state found, when there is no way there.
    """
    now = floor.clock()
    source, stock = work.status, list[StockChange]()
    for status in _path(work, target):
        check_edge(work, status)
        stock += _stock(work, status, floor)
        work = entered(work, status, now, floor)
        if status is S.PICKING:
            work = replace(work, recipient=None)  # nothing is merged with it any more
        if status is S.READY_FOR_PICKUP:
            work = kept_ready(work, now, floor)
        if parcels and status is target:
            work = replace(work, parcels=parcels)
        facts = {**_facts(work), **(said if status is target else {})}
        work = noted(work, now, EVENT_OF[status], actor, **facts)
    order = advance_units(order, work.lines, BUCKET_OF[source], BUCKET_OF[target])
    changed = order if BUCKET_OF[source] != BUCKET_OF[target] else None
    entries = _entries(work) if target is S.SHIPPED else ()
    return Change(target.value, now, actor, work, changed, tuple(stock), parcels=entries)


def _entries(work: FulfillmentOrder) -> tuple[ParcelEntry, ...]:
    """One number for several boxes is one entry: a transaction takes each item once."""
    numbers = dict.fromkeys(parcel.key for parcel in work.parcels if parcel.key)
    return tuple(ParcelEntry(number, work.id) for number in numbers)


def _path(work: FulfillmentOrder, target: FulfillmentStatus) -> tuple[FulfillmentStatus, ...]:
    steps = way(work)
    if target not in _WALKS or target not in steps or work.status not in steps:
        return (target,)
    missing = steps[steps.index(work.status) + 1 : steps.index(target) + 1]
    # The store can say that it has it, but not that the warehouse has sent it.
    sent = S.SHIPPED in missing and target is not S.SHIPPED
    return (target,) if sent else missing or (target,)


def _stock(
    work: FulfillmentOrder, status: FulfillmentStatus, floor: Floor
) -> tuple[StockChange, ...]:
    """What entering the status does to stock."""
    if status is S.SHIPPED:
        return effects.shipment(work)
    if status is S.READY_FOR_PICKUP and work.on_its_way:
        pairs: list[tuple[str, str]] = [(line.sku, work.store) for line in work.lines]
        found = floor.stock.positions_of(pairs)
        return effects.arrival(work, {position_key(p.sku, p.location_id) for p in found})
    return ()


def _facts(work: FulfillmentOrder) -> dict[str, object]:
    if work.status is S.ACCEPTED and work.eta:
        return {"eta": to_text(work.eta)}
    if work.pickup:
        return {"method": work.method.value, "pickup_until": to_text(work.pickup.until)}
    if work.status is not S.SHIPPED:
        return {}
    parcels = [
        {"tracking_number": p.tracking_number, "carrier": p.carrier, "tracking_url": p.tracking_url}
        for p in work.parcels
    ]
    return {"parcels": parcels, "method": work.method.value}
