"""An approved return gets its label from a carrier, or waits for a person who can say why not."""

from __future__ import annotations

from dataclasses import replace

from dom.errors import Rejected
from dom.model.order import Order
from dom.model.return_terms import ReturnStatus
from dom.model.rma import Return, noted
from dom.returns.change import Change, change_return
from dom.returns.labelled import labelled
from dom.returns.ports import Homeward, Returning, Settling
from dom.returns.route import group_of

ACTOR = "state machine"


def prepare(name: str, settling: Settling) -> Return:
    """Give an approved return its label; one that the customer keeps needs none.

    A carrier that refuses it is told of and leaves the return without one, until a person lets it
    be asked for again (`retry-label`). Busy: not now.
    """
    ports = settling.returning

    def decide(record: Return, order: Order) -> Change | None:
        asked, record = record.relabel, replace(record, relabel=False)
        now = ports.clock()
        if record.status is not ReturnStatus.APPROVED or record.kept or record.location_id is None:
            return Change("unasked", now, ACTOR, record) if asked else None
        try:
            parcel = _parcel(record, order, ports)
            label = settling.labels.label(record, parcel, ports.rules.returns)
        except Rejected as error:
            # The goods may still come; a person must tell the customer how.
            record = noted(record, now, "ReturnLabelRefused", ACTOR, detail=str(error)[:500])
            return Change("unlabelled", now, ACTOR, record)
        return labelled(record, label, now, ACTOR)

    return change_return(name, decide, ports)


def _parcel(record: Return, order: Order, ports: Returning) -> Homeward:
    if record.location_id is None:
        raise Rejected("the return goes nowhere")
    places = ports.places.network([record.location_id])
    group = group_of(order, record.lines)
    return Homeward(
        sender=ports.orders.personal(record.order_id),
        group=group.id if group else "",
        to=places.locations[places.index[record.location_id]],
        grams=_grams(record, order, ports),
        currency=record.currency,
    )


def _grams(record: Return, order: Order, ports: Returning) -> int:
    """What the goods weigh: as the product says, else the channel."""
    products = ports.stock.assortment({x.sku for x in record.lines if x.sku}).products
    grams = 0
    for line in record.lines:
        product = products.get(line.sku) if line.sku else None
        each = product.grams if product else 0
        grams += (each or order.line(line.line_id).grams) * line.quantity
    return grams
