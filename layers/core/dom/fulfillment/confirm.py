"""The channel hears of what left, or was handed over: once, with the numbers of its parcels."""

from __future__ import annotations

from dataclasses import replace

from dom.errors import NotFound
from dom.fulfillment.actions import change_work
from dom.fulfillment.change import Change
from dom.fulfillment.channel_ports import Confirming, turn
from dom.model.as_sold import shipment_of, sold
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, noted
from dom.model.order import Order

ACTOR = "shipment_confirmer"
S = FulfillmentStatus
_SENT = frozenset({S.SHIPPED, S.DELIVERED, S.DELIVERY_FAILED})


def confirm_shipment(fulfillment_order_id: str, ports: Confirming) -> str | None:
    """Tell the order's channel of a shipment; the channel's id of it. None: there is nobody to
    tell, or nothing yet.

    One shipment of an order at a time: what an attempt finds there must not change meanwhile.
    NotFound: no such work. Rejected: the channel refuses it. Busy: not now.
    """
    work = _work(fulfillment_order_id, ports)
    if work.channel_reference or not _is_with_customer(work):
        return work.channel_reference or None
    with turn(f"confirm#{work.order_id}", ports.turns):
        return _confirm(_work(fulfillment_order_id, ports), ports)


def _confirm(work: FulfillmentOrder, ports: Confirming) -> str | None:
    order = ports.floor.orders.load(work.order_id)
    if work.channel_reference or order is None:
        return work.channel_reference or None
    works = ports.floor.orders.fulfillment_orders(work.order_id)
    others = frozenset(x.channel_reference for x in works if x.id != work.id) - {""}
    shipment = shipment_of(work, order, [x for x in works if _is_with_customer(x)])
    if not shipment.lines:
        return None  # parts of kits: whatever makes these complete tells of them
    reference = ports.shipments.tell(sold(order), shipment, others)
    if reference:
        _note(shipment, reference, ports)
    return reference


def _note(shipment: FulfillmentOrder, reference: str, ports: Confirming) -> None:
    now = ports.floor.clock()

    def decide(work: FulfillmentOrder, order: Order) -> Change | None:
        if work.channel_reference:
            return None
        facts = {"channel": order.channel, "account": order.account, "reference": reference}
        told = noted(work, now, "ShipmentConfirmed", ACTOR, **facts)
        told = replace(told, channel_reference=reference, told_kits=shipment.told_kits)
        return Change("confirmed", now, ACTOR, told)

    change_work(shipment.id, decide, ports.floor)


def _work(name: str, ports: Confirming) -> FulfillmentOrder:
    work = ports.floor.orders.fulfillment_order(name)
    if work is None:
        raise NotFound("fulfillment order", name)
    return work


def _is_with_customer(work: FulfillmentOrder) -> bool:
    """What goes to one of our own stores is not on its way to the customer."""
    sent = work.status in _SENT and work.to_location is None
    return sent or work.status is S.COLLECTED
