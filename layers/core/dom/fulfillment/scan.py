"""What carriers see of what was shipped: on its way, at the door, handed over, or in trouble.

Scans come late, twice and in disorder: the carrier's own time decides, and what was delivered never
goes back on its way. The work is delivered once all of its parcels are.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dom.fulfillment.actions import change_work
from dom.fulfillment.advance import advance
from dom.fulfillment.change import Change
from dom.fulfillment.ports import Floor
from dom.fulfillment.undelivered import DELIVERED, FAILURES, fail
from dom.model.clock import to_text
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus, Parcel, noted, parcel_key
from dom.model.order import Order
from dom.model.work_machine import way

S = FulfillmentStatus
ACTOR = "carrier"
# How far a parcel has come, in EasyPost's words.
_RANK = {"in_transit": 1, "out_for_delivery": 2, "available_for_pickup": 3, DELIVERED: 4}
_EVENT_OF = {"out_for_delivery": "ParcelOutForDelivery"}
_TRACKED = frozenset({S.SHIPPED, S.DELIVERY_FAILED})


def scan(tracking_number: str, status: str, at: datetime | None, floor: Floor) -> list[str]:
    """Note what a carrier says of a parcel; returns the ids of the work that travels in it.

    `at` is the carrier's time. What tells nothing new changes nothing. Busy: try again.
    """
    key = parcel_key(tracking_number)
    works = floor.orders.works_of_parcel(key) if key else []

    def decide(work: FulfillmentOrder, order: Order) -> Change | None:
        return _seen(work, order, key, status, at, floor)

    for work_id in works:
        change_work(work_id, decide, floor)
    return [str(work_id) for work_id in works]


def _seen(
    work: FulfillmentOrder, order: Order, key: str, status: str, at: datetime | None, floor: Floor
) -> Change | None:
    fresh = [p for p in work.parcels if p.key == key and _is_news(p, status, at)]
    if not fresh or work.status not in _TRACKED:
        return None
    parcels = tuple(
        replace(p, scan=status, scanned_at=at or p.scanned_at) if p in fresh else p
        for p in work.parcels
    )
    facts = {
        "tracking_number": fresh[0].tracking_number,
        "carrier": fresh[0].carrier,
        "status": status,
        "scanned_at": to_text(at) if at else "",
    }
    type_ = _EVENT_OF.get(status, "ParcelScanned")
    work = noted(replace(work, parcels=parcels), floor.clock(), type_, ACTOR, **facts)
    return _following(work, order, status, floor)


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
