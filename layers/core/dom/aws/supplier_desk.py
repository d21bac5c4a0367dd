"""`dom.fulfillment.dropship.ports.Suppliers`: the message of a fact, by the supplier's way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dom.aws.network_store import NetworkStore
from dom.aws.order_store import OrderStore
from dom.aws.product_store import DynamoProductStore
from dom.aws.recipients import Recipients
from dom.errors import NotFound, Rejected
from dom.fulfillment.dropship.news import News, NewsKind
from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import Sku
from dom.model.order import Order
from dom.suppliers import TRANSPORTS
from dom.suppliers.port import MessageLine, Outside, SupplierMessage


@dataclass(frozen=True, slots=True)
class SupplierDesk:
    """It reads what a message says beyond its fact: titles, costs, and the recipient's address."""

    network: NetworkStore
    orders: OrderStore
    products: DynamoProductStore
    recipients: Recipients
    outside: Outside

    def tell(self, work: FulfillmentOrder, news: News) -> str:
        """See the port."""
        supplier = self.network.supplier(work.location_id)
        order = self.orders.load(work.order_id)
        if order is None:
            raise NotFound("order", work.order_id)
        if supplier is None:
            raise Rejected(f"nothing says how to reach the supplier {work.location_id}")
        message = self._message(work, order, news)
        TRANSPORTS[supplier.transport](supplier, self.outside).send(message)
        return message.id

    def _message(self, work: FulfillmentOrder, order: Order, news: News) -> SupplierMessage:
        is_order, terms = news.kind is NewsKind.ORDER, work.dropship
        return SupplierMessage(
            id=f"{work.id}.{news.seq}",
            kind=news.kind.value,
            number=work.id,
            location_id=work.location_id,
            at=news.at,
            lines=tuple(self._lines(order, news.units)),
            method=work.method.value,
            customer_order=order.name or order.external_id,
            whole=news.whole,
            deliver_by=work.delivers_by,
            acknowledge_by=terms.asked_at + terms.accept_within if terms and is_order else None,
            ship_to=self.recipients.of(work) if is_order else None,
            left=tuple(self._lines(order, news.left)),
        )

    def _lines(self, order: Order, units: Mapping[str, int]) -> Iterator[MessageLine]:
        lines = {line_id: order.line(line_id) for line_id in units}
        known = self.products.find_all({Sku(line.sku) for line in lines.values() if line.sku})
        for line_id, quantity in units.items():
            line = lines[line_id]
            sku = Sku(line.sku or "")
            cost = known[sku].cost if sku in known else 0
            yield MessageLine(line_id, sku, line.title, quantity, cost)
