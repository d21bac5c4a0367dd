"""A supplier hears of its work: of each fact once, in their order."""

from __future__ import annotations

from dataclasses import replace

from dom.errors import NotFound
from dom.fulfillment.actions import change_work
from dom.fulfillment.change import Change
from dom.fulfillment.channel_ports import turn
from dom.fulfillment.dropship.news import News, news_for
from dom.fulfillment.dropship.ports import Informing
from dom.model.fulfillment import FulfillmentOrder, noted
from dom.model.order import Order

ACTOR = "supplier_orders"


def tell_supplier(fulfillment_order_id: str, ports: Informing) -> int:
    """Tell what was not told yet; how many messages that took.

    One attempt for a work at a time, and the next message only once the one before was taken: a
    cancellation never overtakes its order. NotFound: no such work. Rejected: the supplier does not
    take it. Busy: not now.
    """
    if not news_for(_work(fulfillment_order_id, ports)):
        return 0
    with turn(f"supplier#{fulfillment_order_id}", ports.turns):
        return _tell(fulfillment_order_id, ports)


def _tell(name: str, ports: Informing) -> int:
    told = 0
    while news := news_for(work := _work(name, ports)):
        message_id = ports.suppliers.tell(work, news[0])
        _note(work, news[0], message_id, ports)
        told += 1
    return told


def _note(work: FulfillmentOrder, news: News, message_id: str, ports: Informing) -> None:
    now = ports.floor.clock()

    def decide(work: FulfillmentOrder, order: Order) -> Change | None:
        if work.dropship is None or work.dropship.told >= news.seq:
            return None
        facts = {"message": news.kind.value, "message_id": message_id}
        told = replace(work, dropship=replace(work.dropship, told=news.seq))
        return Change("informed", now, ACTOR, noted(told, now, "SupplierInformed", ACTOR, **facts))

    change_work(work.id, decide, ports.floor)


def _work(name: str, ports: Informing) -> FulfillmentOrder:
    work = ports.floor.orders.fulfillment_order(name)
    if work is None:
        raise NotFound("fulfillment order", name)
    return work
