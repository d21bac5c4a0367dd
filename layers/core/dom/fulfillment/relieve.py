"""More is spoken for at a location than lies there: the newest unpicked work goes elsewhere.

A sale at the till, a count, a feed or a reject may say so of goods that were promised already:
physical facts win. What was assigned last is routed again, until what is left is there.
"""

from __future__ import annotations

from dataclasses import replace

from dom.fulfillment.change import Change
from dom.fulfillment.ports import Floor
from dom.fulfillment.take_back import Works, back
from dom.fulfillment.unpicked import change_until, may_go, newest_first
from dom.model.fulfillment import SHORT, FulfillmentOrder
from dom.model.ids import LocationId, Sku
from dom.model.order import Order
from dom.model.stock import Position

ACTOR = "stock"


def relieve(sku: Sku, location_id: LocationId, works: Works, floor: Floor) -> Position:
    """Give back what is missing there, the newest first; the position as it is then.

    Each step is written only if the position is still as it was read, so that two who see the same
    shortage do not move twice as much. What it cannot mend stays `short`: it is picked already, or
    in a cart, or a supplier has said yes to it. Fifty works in one call: of more, ask again. Busy,
    after all others were tried: some work keeps changing.
    """
    position = _position(sku, location_id, floor)
    if not position.short:
        return position
    newest = newest_first(location_id, works, lambda work: _has(work, sku))
    change_until(
        lambda: not _position(sku, location_id, floor).short,
        newest,
        lambda work, order: _given_back(work, order, sku, location_id, floor),
        floor,
    )
    return _position(sku, location_id, floor)


def _has(work: FulfillmentOrder, sku: Sku) -> bool:
    return any(line.sku == sku for line in work.lines)


def _given_back(
    work: FulfillmentOrder, order: Order, sku: Sku, location_id: LocationId, floor: Floor
) -> Change | None:
    if not may_go(work, location_id):
        return None
    position = _position(sku, location_id, floor)
    units = _missing(work, sku, position.short)
    if not units:
        return None
    change = back(work, order, SHORT, floor, ACTOR, units)
    stock = tuple(
        replace(one, expected_version=position.version) if one.sku == sku else one
        for one in change.stock
    )
    return replace(change, stock=stock)


def _missing(work: FulfillmentOrder, sku: Sku, short: int) -> dict[str, int]:
    """So many of its units, by line id, the last line first."""
    units: dict[str, int] = {}
    for line in reversed(work.lines):
        if line.sku == sku and short:
            units[line.line_id] = min(line.quantity, short)
            short -= units[line.line_id]
    return units


def _position(sku: Sku, location_id: LocationId, floor: Floor) -> Position:
    found = floor.stock.positions_of([(sku, location_id)])
    return found[0] if found else Position(sku, location_id)
