"""Work is released to its location, unless its order is held: then somebody looks again soon."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dom.fulfillment.advance import advance
from dom.fulfillment.change import Change
from dom.fulfillment.ports import Floor
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.order import STOPS_RELEASE, Order

ACTOR = "state machine"
# At the latest so long after the hold ended, its work is with the location. Each look is a write,
# and a hold may last for days.
LOOK_AGAIN = timedelta(minutes=5)


def release(work: FulfillmentOrder, order: Order, floor: Floor) -> Change:
    """The change of ASSIGNED work whose time has come."""
    if order.hold_reason in STOPS_RELEASE:
        now = floor.clock()
        return Change("held", now, ACTOR, replace(work, due_at=now + LOOK_AGAIN))
    return advance(work, order, FulfillmentStatus.RELEASED, floor, ACTOR)
