"""How long a location has: by the service levels of all, by a supplier's own, by its ETA."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from dom.errors import InvalidInput, NotFound
from dom.fulfillment.ports import Floor
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.location import LocationType
from dom.model.supplier import Transport, terms_of

S = FulfillmentStatus
# Whoever needs longer does not have it.
LONGEST_ETA = timedelta(days=120)
# A day begins and ends elsewhere at another time.
_A_ZONE = timedelta(days=2)


def entered(
    work: FulfillmentOrder, status: FulfillmentStatus, now: datetime, floor: Floor
) -> FulfillmentOrder:
    """The work in that state, and due when its location must have done the next step.

    Released to a supplier, it keeps the terms of that moment; acknowledged by one, the time until
    which it is to leave.
    """
    if status is S.RELEASED:
        work = _asked(work, now, floor)
    due_at = _due(work, status, now, floor)
    if status is S.ACCEPTED and work.dropship:
        work = replace(work, dropship=replace(work.dropship, ship_by=work.eta or due_at))
    return replace(work, status=status, due_at=due_at, stalled_since=None)


def delivery_due(work: FulfillmentOrder, now: datetime, floor: Floor) -> datetime:
    """When somebody must ask where it is."""
    return max(now, work.delivers_by or now) + floor.deliver_within


def expected(work: FulfillmentOrder, eta: date | datetime, floor: Floor) -> datetime:
    """When it is to leave; of a day, when that day is over at its location.

    InvalidInput: that is over already, or more than four months after the work was accepted,
    however often it is put off. NotFound: the location is unknown.
    """
    now = floor.clock()
    if not isinstance(eta, datetime) and abs(eta - now.date()) > LONGEST_ETA + _A_ZONE:
        raise InvalidInput("eta", f"it is over, or {LONGEST_ETA.days} days after it was accepted")
    accepted = (one.at for one in work.history if one.type == "FulfillmentOrderAccepted")
    moment = eta if isinstance(eta, datetime) else _end_of(work, eta, floor)
    if not now < moment <= next(accepted, now) + LONGEST_ETA:
        raise InvalidInput("eta", f"it is over, or {LONGEST_ETA.days} days after it was accepted")
    return moment


def _asked(work: FulfillmentOrder, now: datetime, floor: Floor) -> FulfillmentOrder:
    """What happened to it before concerns no supplier: it is asked for what there is now."""
    supplier = floor.places.supplier(work.location_id)
    place = floor.places.location(work.location_id) if supplier else None
    if supplier is None or place is None:
        return work
    if place.type is not LocationType.SUPPLIER and supplier.transport is not Transport.X12:
        return work
    terms = terms_of(supplier, now, floor.accept_within, floor.ship_within)
    before = work.history[-1].seq if work.history else 0
    return replace(work, dropship=replace(terms, told=before))


def _due(
    work: FulfillmentOrder, status: FulfillmentStatus, now: datetime, floor: Floor
) -> datetime | None:
    terms = work.dropship or floor
    if status is S.SHIPPED:
        return delivery_due(work, now, floor)
    if status is S.RELEASED:
        return now + terms.accept_within
    if status in {S.ACCEPTED, S.PICKING, S.PACKED}:
        return max(now + terms.ship_within, work.eta or now)
    return None


def _end_of(work: FulfillmentOrder, day: date, floor: Floor) -> datetime:
    place = floor.places.location(work.location_id)
    if place is None:
        raise NotFound("location", work.location_id)
    return place.end_of(day)
