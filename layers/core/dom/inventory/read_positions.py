"""Where a SKU lies."""

from __future__ import annotations

from dom.inventory.ports import Stock
from dom.model.ids import Sku
from dom.model.stock import Position


def read_positions(sku: Sku, stock: Stock) -> list[Position]:
    """Every position of the SKU, by location; none for a SKU that no position was ever made of.

    The ledger names a new position in the SKU's document in the transaction that makes it, so a
    write is seen by the very next read. Figures come from the positions, not from the document.
    """
    locations = stock.availability([sku]).get(sku, {})
    found = stock.positions_of([(sku, location) for location in locations])
    return sorted(found, key=lambda position: position.location_id)
