"""What of an order is still to be routed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dom.model.choice import choosing
from dom.model.geo import Destination
from dom.model.ids import Sku
from dom.model.kit import Stock
from dom.model.order import UNASSIGNED, Order, OrderLine, ShipGroup
from dom.model.product import Product
from dom.routing.pieces import Piece, pieces_of
from dom.sourcing.problem import Demand, DemandLine

NOWHERE = Destination("")
Products = Mapping[Sku, Product]
NONE_KNOWN: Products = {}


def demands_of(
    order: Order, products: Products = NONE_KNOWN, stock: Stock | None = None
) -> list[Demand]:
    """One demand for each ship group with units that wait for a location; none while held, or while
    a customer chooses.

    `products` fill in what the order does not say of its lines; `stock`, where it is known, says
    how many kits are worth looking for together.
    """
    if order.hold_reason is not None or choosing(order):
        return []
    units = {line.line_id: open_units(line) for line in order.lines}
    pieces = {x.id: pieces_of(order, x.id, units, stock) for x in order.ship_groups}
    found = (demand_for(order, x, pieces[x.id], products) for x in order.ship_groups)
    return [demand for demand in found if demand]


def open_units(line: OrderLine) -> int:
    """Units that no location has been given yet."""
    return sum(line.units(bucket) for bucket in UNASSIGNED)


def demand_of(
    order: Order, group: ShipGroup, units: Mapping[str, int], products: Products = NONE_KNOWN
) -> Demand | None:
    """The demand for those units (by line id) of a ship group; None if there are none."""
    return demand_for(order, group, pieces_of(order, group.id, units), products)


def demand_for(
    order: Order, group: ShipGroup, pieces: Sequence[Piece], products: Products = NONE_KNOWN
) -> Demand | None:
    """The demand for those pieces of a ship group; None if there are none."""
    if not pieces:
        return None
    return Demand(
        order.order_id,
        group.id,
        group.method,
        group.destination or NOWHERE,
        tuple(_line(piece, products) for piece in pieces),
        group.location_id,
        order.placed_at,
        order.priority,
        order.currency,
        sum(piece.line.unit_price.amount * piece.units for piece in pieces),
        order.channel,
        order.tier,
        group.promised_by,
    )


def _line(piece: Piece, products: Products) -> DemandLine:
    line, product = piece.line, products.get(piece.sku, Product(piece.sku))
    return DemandLine(
        piece.name,
        piece.sku,
        piece.units,
        line.grams or product.grams,
        frozenset(line.excluded),
        product.category,
        product.needs,
        product.volume_cm3,
        piece.together or product.keep_together,
        line.unit_price.amount,
        releases_on=product.releases_on,
    )
