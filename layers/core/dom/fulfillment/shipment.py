"""A shipment as it is read: the work that somebody named, and all that leaves with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dom.errors import NotFound
from dom.fulfillment.ports import Floor
from dom.fulfillment.together import is_with
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.ids import OrderId
from dom.model.order import Order
from dom.model.recipient import mark_of


@dataclass(frozen=True, slots=True)
class Shipment:
    """The work that was named, all other members, and their orders, as they were read."""

    named: FulfillmentOrder
    others: tuple[FulfillmentOrder, ...]
    orders: Mapping[OrderId, Order]

    @property
    def members(self) -> tuple[FulfillmentOrder, ...]:
        """All, as the shipment names them."""
        together = self.named.together
        names = together.members if together else (self.named.id,)
        return tuple(sorted((self.named, *self.others), key=lambda one: names.index(one.id)))

    def keeps(self, one: FulfillmentOrder) -> bool:
        """Whether a member is there to be boxed with the named one, and goes to the same place.

        A channel may have told another street since, without a word that routing goes by; of what
        has no mark any more nobody knows where it goes.
        """
        if one.id == self.named.id:
            return True
        order = self.orders.get(one.order_id)
        if order is None or one.status is FulfillmentStatus.ASSIGNED or one.id in order.recall:
            return False
        mark = mark_of(self.orders[self.named.order_id], self.named.ship_group_id)
        return mark is not None and mark_of(order, one.ship_group_id) == mark


def shipment_of(fulfillment_order_id: str, floor: Floor) -> Shipment:
    """The shipment of a work, which may be all of it. NotFound: there is no such work."""
    work = floor.orders.fulfillment_order(fulfillment_order_id)
    if work is None:
        raise NotFound("fulfillment order", fulfillment_order_id)
    read = (floor.orders.fulfillment_order(name) for name in work.companions)
    others = tuple(x for x in read if x and work.together and is_with(x, work.together))
    loaded = (floor.orders.load(name) for name in {x.order_id for x in (work, *others)})
    orders = {order.order_id: order for order in loaded if order}
    if work.order_id not in orders:
        raise NotFound("fulfillment order", fulfillment_order_id)
    return Shipment(work, others, orders)
