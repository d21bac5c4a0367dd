"""Work is released to its location, unless its order is held or not paid for: then somebody looks
again soon.
"""

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
# A capture takes seconds, unless a bank refuses it.
PAID_SOON = timedelta(minutes=1)


def release(work: FulfillmentOrder, order: Order, floor: Floor) -> Change:
    """The change of ASSIGNED work whose time has come."""
    if order.hold_reason in STOPS_RELEASE:
        now = floor.clock()
        return Change("held", now, ACTOR, replace(work, due_at=now + LOOK_AGAIN))
    return _unpaid(work, order, floor) or advance(
        work, order, FulfillmentStatus.RELEASED, floor, ACTOR
    )


def _unpaid(work: FulfillmentOrder, order: Order, floor: Floor) -> Change | None:
    """The change of work that waits until its order's authorized money is taken; None: it need not.

    The first work to be released asks for all of the order's, in the write that lets it wait.
    """
    known = order.authorization
    if known is None or known.settled or (known.early and known.captured >= known.due):
        return None
    outlet = floor.places.outlet(order.channel, order.account)
    if outlet is None or not outlet.captures_early:
        return None
    now = floor.clock()
    again = now + (LOOK_AGAIN if known.failed else PAID_SOON)
    asked = None if known.early else replace(order, authorization=replace(known, early=True))
    return Change("unpaid", now, ACTOR, replace(work, due_at=again), asked)
