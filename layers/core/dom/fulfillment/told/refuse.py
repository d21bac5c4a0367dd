"""A warehouse says what it does not ship, and what it has taken on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dom.fulfillment.actions import admitted, change_work
from dom.fulfillment.advance import advance
from dom.fulfillment.change import Change, is_open
from dom.fulfillment.deeds import ActionRequest
from dom.fulfillment.give_up import reject
from dom.fulfillment.ports import Floor
from dom.fulfillment.told.boxes import boxed_units, is_boxed
from dom.fulfillment.told.ship import boxed
from dom.fulfillment.told.which import lines_meant, work_meant
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, units_by_line
from dom.model.order import Order
from dom.model.told import AcceptanceTold, RejectionTold

S = FulfillmentStatus
_NEW = frozenset({S.ASSIGNED, S.RELEASED})


def reject_told(told: RejectionTold, actor: str, floor: Floor) -> FulfillmentOrder:
    """Refuse what the work has of a line, but for what was told to be in parcels; if that is all
    that is left, it has left. Again: nothing.

    As `ship_told` of errors.
    """
    name = work_meant(told.work, (told.line,), floor)
    change_work(name, lambda work, order: _refused(work, order, told, floor, actor), floor)
    return change_work(name, lambda work, order: _rest(work, order, floor, actor), floor)


def _refused(
    work: FulfillmentOrder, order: Order, told: RejectionTold, floor: Floor, actor: str
) -> Change | None:
    admitted(work, ActionRequest(), frozenset(told.work.locations))
    units = _units(work, told)
    if not units and _was_refused(work, told):
        return None
    if not units:
        raise told.line.wrong(f"{work.id} has nothing of it that could be refused")
    # What of a kit is in a parcel is on its way: it does not come back with the rest.
    torn = bool(boxed_units(work.parcels))
    return reject(work, order, told.reason, units, floor, actor, torn=torn)


def _units(work: FulfillmentOrder, told: RejectionTold) -> dict[str, int]:
    held, gone = units_by_line(work.lines), boxed_units(work.parcels)
    left = {line: held[line] - gone.get(line, 0) for line in lines_meant(work, told.line)}
    return {line: units for line, units in left.items() if units > 0} if is_open(work) else {}


def _was_refused(work: FulfillmentOrder, told: RejectionTold) -> bool:
    """Whether some of what is meant was refused before: then it is said again."""
    return any(
        line["line_id"] == told.line.line_id
        or (not told.line.line_id and line["sku"] == told.line.sku)
        for line in _lines_refused(work)
    )


def _lines_refused(work: FulfillmentOrder) -> Iterator[Mapping[str, object]]:
    for entry in work.history:
        refused, lines = entry.data.get("refused"), entry.data.get("lines")
        if isinstance(refused, Mapping) and isinstance(lines, list | tuple):
            yield from (line for line in lines if line["line_id"] in refused)


def _rest(work: FulfillmentOrder, order: Order, floor: Floor, actor: str) -> Change | None:
    packed = work.status is S.PACKED and bool(work.parcels)
    if not packed or not is_boxed(work, work.parcels):
        return None
    return boxed(work, order, work.parcels, floor, actor)


def accept_told(told: AcceptanceTold, actor: str, floor: Floor) -> FulfillmentOrder:
    """Take the work on, unless it is already. As `ship_told` of errors."""
    name = work_meant(told.work, (), floor)

    def decide(work: FulfillmentOrder, order: Order) -> Change | None:
        admitted(work, ActionRequest(), frozenset(told.work.locations))
        known = work.status not in _NEW and (is_open(work) or work.has_left)
        return None if known else advance(work, order, S.ACCEPTED, floor, actor)

    return change_work(name, decide, floor)
