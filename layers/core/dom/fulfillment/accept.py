"""A location takes work on, and says when it is to leave; later it may say so anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from dom.fulfillment.advance import advance
from dom.fulfillment.change import Change
from dom.fulfillment.ports import Floor
from dom.fulfillment.terms import expected
from dom.model.clock import to_text
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, noted
from dom.model.order import Order

S = FulfillmentStatus
# It was accepted, and nothing of it stands ready: only its ETA can be new.
_TAKEN_ON = frozenset({S.ACCEPTED, S.PICKING})


def accept(
    work: FulfillmentOrder, order: Order, eta: date | datetime | None, floor: Floor, actor: str
) -> Change:
    """The work accepted, or, if it is, with its new ETA.

    What leaves later than it was planned to is looked at soon, so that the customer is told of it.
    InvalidInput: an ETA that cannot be. IllegalTransition, naming the state found.
    """
    if eta is None:
        return advance(work, order, S.ACCEPTED, floor, actor)
    moment = expected(work, eta, floor)
    known = work.status in _TAKEN_ON
    work = replace(work, eta=moment)
    change = (
        _moved(work, moment, floor, actor)
        if known
        else advance(work, order, S.ACCEPTED, floor, actor)
    )
    if work.ships_by is None or moment <= work.ships_by:
        return change
    return replace(change, order=replace(change.order or order, look_at=floor.clock()))


def _moved(work: FulfillmentOrder, eta: datetime, floor: Floor, actor: str) -> Change:
    """An earlier ETA takes no time away; on time is judged by the first one."""
    now = floor.clock()
    work = noted(work, now, "FulfillmentOrderRescheduled", actor, eta=to_text(eta))
    return Change("moved", now, actor, replace(work, due_at=max(eta, work.due_at or eta)))
