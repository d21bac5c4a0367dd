"""More is spoken for at a location than lies there: the newest unpicked work goes elsewhere.

A sale at the till, a count, a feed or a reject may say so of goods that were promised already:
physical facts win. What was assigned last is routed again, until what is left is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from dom.errors import Busy
from dom.fulfillment.actions import change_work
from dom.fulfillment.change import Change
from dom.fulfillment.ports import Floor
from dom.fulfillment.take_back import Works, back
from dom.model.fulfillment import SHORT, FulfillmentOrder, FulfillmentStatus
from dom.model.ids import LocationId, Sku
from dom.model.order import Order
from dom.model.stock import Position

S = FulfillmentStatus
ACTOR = "stock"
# Of what is being picked somebody may have the goods in hand.
_MOVABLE = (S.ASSIGNED, S.RELEASED, S.ACCEPTED)
# So many are given back well within the time of a function that has other messages, too.
MOST_WORKS = 50
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def relieve(sku: Sku, location_id: LocationId, works: Works, floor: Floor) -> Position:
    """Give back what is missing there, the newest first; the position as it is then.

    Each step is written only if the position is still as it was read, so that two who see the same
    shortage do not move twice as much. What it cannot mend stays `short`: it is picked already, or
    in a cart, or a supplier has said yes to it. `MOST_WORKS` in one call: of more, ask again. Busy,
    after all others were tried: some work keeps changing.
    """
    position = _position(sku, location_id, floor)
    if not position.short:
        return position
    busy = None
    newest = sorted(_candidates(sku, location_id, works), key=_age, reverse=True)
    for work in newest[:MOST_WORKS]:
        try:
            change_work(work.id, lambda w, o: _given_back(w, o, sku, location_id, floor), floor)
        except Busy as error:
            busy = error
        position = _position(sku, location_id, floor)
        if not position.short:
            return position
    if busy:
        raise busy
    return position


def _candidates(sku: Sku, location_id: LocationId, works: Works) -> Iterator[FulfillmentOrder]:
    for status in _MOVABLE:
        cursor = None
        while True:
            page = works.find(location_id, status, cursor)
            yield from (work for work in page.works if _has(work, sku))
            cursor = page.next
            if cursor is None:
                break


def _has(work: FulfillmentOrder, sku: Sku) -> bool:
    return any(line.sku == sku for line in work.lines)


def _age(work: FulfillmentOrder) -> tuple[datetime, str]:
    return work.created_at or _LONG_AGO, work.id


def _given_back(
    work: FulfillmentOrder, order: Order, sku: Sku, location_id: LocationId, floor: Floor
) -> Change | None:
    if work.location_id != location_id or work.status not in _MOVABLE or work.settling:
        return None
    if work.dropship and work.status is S.ACCEPTED:
        # Stock of suppliers is what they tell now and then; a yes of theirs is worth more.
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
