"""What is packed, and neither leaves nor is made ready: people are told."""

from __future__ import annotations

from dataclasses import replace

from dom.fulfillment.change import Change
from dom.fulfillment.ports import Floor
from dom.model.clock import to_text
from dom.model.fulfillment import FulfillmentOrder, noted

ACTOR = "sweeper"


def stalled(work: FulfillmentOrder, floor: Floor) -> Change:
    """Tell that it lies there, or that nobody answers whether it can still be stopped.

    A parcel that may be on a truck is not given to somebody else by a clock. It is told again after
    twice the time, so that a parcel that is forgotten for months is no stream of events.
    """
    now = floor.clock()
    since = work.stalled_since or now
    work = replace(work, stalled_since=since, due_at=now + max(floor.ship_within, now - since))
    facts = {"found": work.status.value, "since": to_text(since)}
    work = noted(work, now, "FulfillmentOrderStalled", ACTOR, **facts)
    return Change("stalled", now, ACTOR, work)
