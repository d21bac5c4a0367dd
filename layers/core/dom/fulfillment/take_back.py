"""A location was switched off: what it has not packed is taken back and routed again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from dom.errors import Busy
from dom.fulfillment import effects
from dom.fulfillment.actions import change_work
from dom.fulfillment.change import Change
from dom.fulfillment.give_up import await_choice
from dom.fulfillment.ports import Floor
from dom.fulfillment.units import give_up_units
from dom.model.fulfillment import (
    LOCATION_CLOSED,
    FulfillmentOrder,
    FulfillmentStatus,
    ended,
    noted,
    units_by_line,
)
from dom.model.ids import LocationId
from dom.model.order import Order
from dom.model.parts import split_whole
from dom.model.work_machine import BUCKET_OF, UNPACKED

S = FulfillmentStatus
ACTOR = "network"
STATUSES = UNPACKED
# The list of work follows the work by a moment: what was assigned just before is seen then.
ONCE_MORE_AFTER = timedelta(minutes=1)


class Page(Protocol):
    """Some of a location's work, and the cursor of what follows."""

    @property
    def works(self) -> Sequence[FulfillmentOrder]:
        """The work."""

    @property
    def next(self) -> str | None:
        """None: that was all."""


class Works(Protocol):
    """The lists of work."""

    def find(
        self, location_id: LocationId, status: FulfillmentStatus | None, cursor: str | None
    ) -> Page:
        """A page, oldest first."""


@dataclass(frozen=True, slots=True)
class Closing:
    """What is left to do for a location: from this place in its lists on, and then `again`."""

    location_id: LocationId
    step: int = 0
    cursor: str | None = None
    again: bool = True

    @property
    def delay(self) -> timedelta:
        """How long to wait before it."""
        begins_anew = not self.again and self.step == 0 and self.cursor is None
        return ONCE_MORE_AFTER if begins_anew else timedelta()


def take_back(closing: Closing, works: Works, floor: Floor) -> Closing | None:
    """Take back one page; returns what is left. Repeating it is harmless.

    Busy, after all others were done: some work keeps changing.
    """
    page = works.find(closing.location_id, STATUSES[closing.step], closing.cursor)
    busy = [work.id for work in page.works if not _taken(work.id, closing.location_id, floor)]
    if busy:
        raise Busy(f"{len(busy)} of the work of {closing.location_id} keep changing: {busy[0]}")
    if page.next:
        return replace(closing, cursor=page.next)
    if closing.step + 1 < len(STATUSES):
        return replace(closing, step=closing.step + 1, cursor=None)
    return Closing(closing.location_id, again=False) if closing.again else None


def _taken(work_id: str, location_id: LocationId, floor: Floor) -> bool:
    def decide(work: FulfillmentOrder, order: Order) -> Change | None:
        if work.status not in STATUSES or work.location_id != location_id:
            return None
        return back(work, order, LOCATION_CLOSED, floor)

    try:
        change_work(work_id, decide, floor)
    except Busy:
        return False
    return True


def back(
    work: FulfillmentOrder,
    order: Order,
    reason: str,
    floor: Floor,
    actor: str = ACTOR,
    units: Mapping[str, int] | None = None,
) -> Change:
    """All of it, or `units` by line id and the rest of their kits, as an expiry; but nobody is to
    blame: the location may get them again.
    """
    now = floor.clock()
    taken, kept = split_whole(work, units, order)
    order = give_up_units(order, taken, BUCKET_OF[work.status], None)
    order = await_choice(order, work, floor, actor)
    facts = {"units": units_by_line(taken), "reason": reason}
    work = noted(work, now, "FulfillmentOrderCancelled", actor, **facts)
    stock = effects.release(work, taken)
    if kept:
        return Change("partly_taken_back", now, actor, replace(work, lines=kept), order, stock)
    work = replace(ended(work, S.CANCELLED), cancel_reason=reason)
    return Change("taken_back", now, actor, work, order, stock, frees_capacity=True)
