"""Part of a FulfillmentOrder: its lines, and what its location's day gets back for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dom.errors import InvalidInput
from dom.model.commit import CapacityChange
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, units_by_line
from dom.model.kit import with_rest
from dom.model.order import Order
from dom.model.work_machine import OPEN


def split(
    work: FulfillmentOrder, units: Mapping[str, int] | None
) -> tuple[tuple[FulfillmentLine, ...], tuple[FulfillmentLine, ...]]:
    """The lines with those units (None: all), and the lines with what is left.

    InvalidInput names a line that is not there or has fewer units.
    """
    if units is None:
        return work.lines, ()
    held = units_by_line(work.lines)
    for line_id, quantity in units.items():
        if not 0 < quantity <= held.get(line_id, 0):
            raise InvalidInput(f"lines.{line_id}", f"{quantity} of {held.get(line_id, 0)} units")
    taken = tuple(replace(x, quantity=units[x.line_id]) for x in work.lines if x.line_id in units)
    rest = [replace(x, quantity=x.quantity - units.get(x.line_id, 0)) for x in work.lines]
    return taken, tuple(line for line in rest if line.quantity)


def split_whole(
    work: FulfillmentOrder, units: Mapping[str, int] | None, order: Order
) -> tuple[tuple[FulfillmentLine, ...], tuple[FulfillmentLine, ...]]:
    """As `split`, with the rest of each kit that any of the units is of, as far as it is here."""
    if units is None:
        return split(work, None)
    return split(work, with_rest(units, units_by_line(work.lines), order.kits))


def freed(
    before: FulfillmentOrder, after: FulfillmentOrder, over: bool
) -> tuple[CapacityChange, ...]:
    """What the location's day gets back: the slot with the work (`over`), effort with its units.

    Of what has left or was handed over, a part that comes to nothing was work all the same.
    """
    kept = after.effort if after.status in OPEN else before.effort
    effort = before.effort - (0 if over else kept)
    if after.capacity_day is None or not (over or effort):
        return ()
    slots = -1 if over else 0
    return (CapacityChange(after.location_id, after.capacity_day, slots, None, effort=-effort),)
