"""How long a store keeps what lies ready: until when, and when the customer is reminded."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dom.errors import NotFound
from dom.fulfillment.change import Change
from dom.fulfillment.ports import Floor
from dom.model.clock import to_text
from dom.model.fulfillment import FulfillmentOrder, Pickup, noted
from dom.model.location import Location

_DAY = timedelta(days=1)
# A calendar that is closed for longer than this says never: the last day is then not moved on.
_LONGEST = 366


def kept_ready(work: FulfillmentOrder, now: datetime, floor: Floor) -> FulfillmentOrder:
    """The work with its pickup code and the end of its last day, due for the reminder.

    NotFound: its store is unknown.
    """
    store = floor.places.location(work.store)
    if store is None:
        raise NotFound("location", work.store)
    days = floor.keeping.days if store.pickup_days is None else store.pickup_days
    pickup = Pickup(floor.keeping.code(), kept_until(store, now, days))
    remind_at = pickup.until - floor.keeping.remind_before
    due_at = remind_at if remind_at > now else pickup.until
    return replace(work, pickup=pickup, due_at=due_at)


def kept_until(store: Location, now: datetime, days: int) -> datetime:
    """The end (UTC) of the last local day on which it is handed over.

    That is the day `days` after today's or, if the store is closed then, its next open one; a day
    ends at the midnight of the store's own zone, whatever its clocks do.
    """
    last = store.local_date(now) + days * _DAY
    for _ in range(_LONGEST):
        if store.is_open_on(last):
            break
        last += _DAY
    else:
        last = store.local_date(now) + days * _DAY
    return store.end_of(last)


def remind(work: FulfillmentOrder, pickup: Pickup, now: datetime) -> Change:
    """The customer is reminded once; the next that is due is the end."""
    facts = {"pickup_until": to_text(pickup.until)}
    work = noted(work, now, "CustomerReminded", "sweeper", **facts)
    return Change("reminded", now, "sweeper", replace(work, due_at=pickup.until))
