"""What carriers see of what was shipped: on its way, at the door, handed over, or in trouble.

Scans come late, twice and in disorder: the carrier's own time decides, and what was delivered never
goes back on its way. The work is delivered once all of its parcels are.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from dom.fulfillment.actions import change_work
from dom.fulfillment.advance import advance
from dom.fulfillment.change import Change
from dom.fulfillment.outlook import carried
from dom.fulfillment.ports import Floor
from dom.fulfillment.undelivered import DELIVERED, FAILURES, fail
from dom.model.clock import to_text
from dom.model.facts import RESCHEDULED
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, Parcel, noted, parcel_key
from dom.model.order import Order
from dom.model.work_machine import way

S = FulfillmentStatus
ACTOR = "carrier"
# How far a parcel has come, in EasyPost's words.
_RANK = {"in_transit": 1, "out_for_delivery": 2, "available_for_pickup": 3, DELIVERED: 4}
_EVENT_OF = {"out_for_delivery": "ParcelOutForDelivery"}
_TRACKED = frozenset({S.SHIPPED, S.DELIVERY_FAILED})


def scan(
    tracking_number: str,
    status: str,
    at: datetime | None,
    floor: Floor,
    arrives_on: date | None = None,
) -> list[str]:
    """Note what a carrier says of a parcel; returns the ids of the work that travels in it.

    `at` is the carrier's time, `arrives_on` the day on which it means to deliver. What tells
    nothing new changes nothing. Busy: try again.
    """
    said = Parcel(scan=status, scanned_at=at, arrives_on=arrives_on)
    key = parcel_key(tracking_number)
    works = floor.orders.works_of_parcel(key) if key else []

    def decide(work: FulfillmentOrder, order: Order) -> Change | None:
        return _seen(work, order, key, said, floor)

    for work_id in works:
        change_work(work_id, decide, floor)
    return [str(work_id) for work_id in works]


def _seen(
    work: FulfillmentOrder, order: Order, key: str, said: Parcel, floor: Floor
) -> Change | None:
    fresh = [p for p in work.parcels if p.key == key and _is_news(p, said.scan, said.scanned_at)]
    # The same scan with another day: the carrier has thought again.
    moved = [p for p in work.parcels if p.key == key and p not in fresh and _is_later(p, said)]
    if not (fresh or moved) or work.status not in _TRACKED:
        return None
    parcels = tuple(_with(p, said) if p in fresh or p in moved else p for p in work.parcels)
    one, at = (fresh or moved)[0], said.scanned_at
    facts = {
        "tracking_number": one.tracking_number,
        "carrier": one.carrier,
        "status": one.scan if said.scan == RESCHEDULED else said.scan,
        "scanned_at": to_text(at) if at else "",
    }
    if said.arrives_on:
        facts["arrives_on"] = said.arrives_on.isoformat()
    type_ = _EVENT_OF.get(said.scan, "ParcelScanned") if fresh else "ParcelScanned"
    work = noted(replace(work, parcels=parcels), floor.clock(), type_, ACTOR, **facts)
    change = _following(work, order, said.scan, floor)
    told = carried(change.order or order, change.work, floor.clock())
    return replace(change, order=told if told != order else None)


def _with(parcel: Parcel, said: Parcel) -> Parcel:
    return replace(
        parcel,
        scan=parcel.scan if said.scan == RESCHEDULED else said.scan,
        scanned_at=said.scanned_at or parcel.scanned_at,
        arrives_on=said.arrives_on or parcel.arrives_on,
    )


def _is_later(parcel: Parcel, said: Parcel) -> bool:
    """Whether the carrier tells another day than before of a parcel that is where it was."""
    older = parcel.scanned_at and said.scanned_at and said.scanned_at < parcel.scanned_at
    same = said.scan in {parcel.scan, RESCHEDULED}
    where = same and parcel.scan in _RANK and parcel.scan != DELIVERED
    return where and not older and said.arrives_on not in {None, parcel.arrives_on}


def _is_news(parcel: Parcel, status: str, at: datetime | None) -> bool:
    """Whether it is later, or further on its way, than what is known.

    What goes back to its sender is `delivered` there: after that nothing is news.
    """
    if status not in _RANK and status not in FAILURES:
        return False
    if status == parcel.scan or parcel.scan == "return_to_sender":
        return False
    if parcel.scan == DELIVERED and status not in FAILURES:
        return False
    if at and parcel.scanned_at and at != parcel.scanned_at:
        return at > parcel.scanned_at
    return _RANK.get(status, len(_RANK) + 1) > _RANK.get(parcel.scan, 0)


def _following(work: FulfillmentOrder, order: Order, status: str, floor: Floor) -> Change:
    """What the scan brings about: delivered as a whole, failed, or no more than the note."""
    if status in FAILURES and work.status is S.SHIPPED:
        return fail(work, FAILURES[status], floor, ACTOR)
    arrived = all(parcel.scan == DELIVERED for parcel in work.parcels)
    if arrived and S.DELIVERED in way(work):
        return advance(work, order, S.DELIVERED, floor, ACTOR)
    return Change("scanned", floor.clock(), ACTOR, work)
