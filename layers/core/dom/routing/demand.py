"""What of an order is still to be routed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dom.model.geo import Destination
from dom.model.ids import Sku
from dom.model.order import Bucket, Order, OrderLine, ShipGroup
from dom.model.product import Product
from dom.sourcing.problem import Demand, DemandLine

NOWHERE = Destination("")
Products = Mapping[Sku, Product]
NONE_KNOWN: Products = {}


def demands_of(order: Order, products: Products = NONE_KNOWN) -> list[Demand]:
    """One demand for each ship group with pending or backordered units; none while held.

    `products` fill in what the order does not say of its lines.
    """
    if order.hold_reason is not None:
        return []
    return [demand for group in order.ship_groups for demand in _demand(order, group, products)]


def open_units(line: OrderLine) -> int:
    """Units that no location has been given yet."""
    return line.units(Bucket.PENDING) + line.units(Bucket.BACKORDERED)


def _demand(order: Order, group: ShipGroup, products: Products) -> Iterator[Demand]:
    lines = [x for x in order.lines if x.ship_group_id == group.id and x.sku and open_units(x)]
    if not lines:
        return
    yield Demand(
        order.order_id,
        group.id,
        group.method,
        group.destination or NOWHERE,
        tuple(_line(line, line.sku, products) for line in lines if line.sku),
        group.location_id,
        order.placed_at,
        order.priority,
        order.currency,
        sum(line.unit_price.amount * open_units(line) for line in lines),
        order.channel,
        order.tier,
        group.promised_by,
    )


def _line(line: OrderLine, sku: Sku, products: Products) -> DemandLine:
    product = products.get(sku, Product(sku))
    return DemandLine(
        line.line_id,
        sku,
        open_units(line),
        line.grams or product.grams,
        frozenset(line.excluded),
        product.category,
        product.needs,
        product.volume_cm3,
        product.keep_together,
        line.unit_price.amount,
    )
