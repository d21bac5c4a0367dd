"""What of an order is still to be routed."""

from __future__ import annotations

from collections.abc import Mapping

from dom.model.choice import choosing
from dom.model.geo import Destination
from dom.model.ids import Sku
from dom.model.order import UNASSIGNED, Order, OrderLine, ShipGroup
from dom.model.product import Product
from dom.sourcing.problem import Demand, DemandLine

NOWHERE = Destination("")
Products = Mapping[Sku, Product]
NONE_KNOWN: Products = {}


def demands_of(order: Order, products: Products = NONE_KNOWN) -> list[Demand]:
    """One demand for each ship group with units that wait for a location; none while held, or while
    a customer chooses.

    `products` fill in what the order does not say of its lines.
    """
    if order.hold_reason is not None or choosing(order):
        return []
    units = {line.line_id: open_units(line) for line in order.lines}
    found = (demand_of(order, group, units, products) for group in order.ship_groups)
    return [demand for demand in found if demand]


def open_units(line: OrderLine) -> int:
    """Units that no location has been given yet."""
    return sum(line.units(bucket) for bucket in UNASSIGNED)


def demand_of(
    order: Order, group: ShipGroup, units: Mapping[str, int], products: Products = NONE_KNOWN
) -> Demand | None:
    """The demand for those units (by line id) of a ship group; None if there are none."""
    lines = [
        (x, x.sku)
        for x in order.lines
        if x.ship_group_id == group.id and x.sku and units.get(x.line_id)
    ]
    if not lines:
        return None
    return Demand(
        order.order_id,
        group.id,
        group.method,
        group.destination or NOWHERE,
        tuple(_line(line, sku, units[line.line_id], products) for line, sku in lines),
        group.location_id,
        order.placed_at,
        order.priority,
        order.currency,
        sum(line.unit_price.amount * units[line.line_id] for line, _ in lines),
        order.channel,
        order.tier,
        group.promised_by,
    )


def _line(line: OrderLine, sku: Sku, units: int, products: Products) -> DemandLine:
    product = products.get(sku, Product(sku))
    return DemandLine(
        line.line_id,
        sku,
        units,
        line.grams or product.grams,
        frozenset(line.excluded),
        product.category,
        product.needs,
        product.volume_cm3,
        product.keep_together,
        line.unit_price.amount,
        releases_on=product.releases_on,
    )
