"""Which work, and which of its lines, somebody means."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from dom.errors import NotFound
from dom.fulfillment.change import is_open
from dom.fulfillment.ports import Floor
from dom.model import names
from dom.model.fulfillment import FulfillmentOrder, units_by_line
from dom.model.ids import FulfillmentOrderId
from dom.model.told import UnitsTold, WorkNamed


def work_meant(
    named: WorkNamed,
    units: Iterable[UnitsTold],
    floor: Floor,
    parcels: Collection[str] = (),
) -> FulfillmentOrderId:
    """The work of that number; of an order, what one of the locations has, or had, of these lines:
    what left in one of these `parcels` (keys), else the oldest that is open, else the newest.

    NotFound: none of them has such work.
    """
    found = _by_its_id(named.number, floor)
    order_id = named.number if found else names.order_id(named.number)
    works = [found] if found else floor.orders.fulfillment_orders(order_id)
    here = [work for work in works if not named.locations.isdisjoint(work.places)]
    if not here:
        raise NotFound("fulfillment order", named.number[:80])
    told = tuple(units)
    # If none knows them all, one of them says which it does not.
    here = [work for work in here if all(_knows(work, one) for one in told)] or here
    for work in here:
        if any(parcel.key and parcel.key in parcels for parcel in work.parcels):
            return work.id  # it is told again
    still = [work for work in here if is_open(work)]
    return still[0].id if still else here[-1].id


def _by_its_id(number: str, floor: Floor) -> FulfillmentOrder | None:
    try:
        return floor.orders.fulfillment_order(names.fulfillment_order_id(number))
    except NotFound:
        return None


def _knows(work: FulfillmentOrder, told: UnitsTold) -> bool:
    """Whether the line is, or was, part of the work."""
    wanted = ("line_id", told.line_id) if told.line_id else ("sku", told.sku)
    key, value = wanted
    return any(line.get(key) == value for line in _lines_ever(work))


def _lines_ever(work: FulfillmentOrder) -> Iterator[Mapping[str, object]]:
    yield from ({"line_id": one.line_id, "sku": one.sku} for one in work.lines)
    for entry in work.history:
        lines = entry.data.get("lines")
        yield from lines if isinstance(lines, list | tuple) else ()


def lines_meant(work: FulfillmentOrder, told: UnitsTold) -> list[str]:
    """Ids of the lines that the work has of what is meant."""
    if told.line_id:
        return [told.line_id] if told.line_id in units_by_line(work.lines) else []
    return list(dict.fromkeys(one.line_id for one in work.lines if one.sku == told.sku))


def units_meant(
    work: FulfillmentOrder, told: Iterable[UnitsTold], left: dict[str, int] | None = None
) -> dict[str, int]:
    """Units by line id, lines of one SKU in their order; they are taken off `left`.

    InvalidInput names what told of a line that the work has not, or of more units than it has.
    """
    left = units_by_line(work.lines) if left is None else left
    found: dict[str, int] = {}
    for one in told:
        lines, rest = lines_meant(work, one), one.quantity
        if rest < 0:
            raise one.wrong("fewer than no units cannot leave")
        if not lines and rest:
            raise one.wrong(f"{work.id} has no such line, or no longer")
        for line in lines:
            taken = min(rest, left[line])
            rest, left[line] = rest - taken, left[line] - taken
            found[line] = found.get(line, 0) + taken
        if rest:
            raise one.wrong(f"{rest} more than {work.id} has")
    return {line: units for line, units in found.items() if units}
