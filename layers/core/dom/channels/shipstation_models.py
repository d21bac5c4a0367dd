"""ShipStation's tracking events and shipments, told as news."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from dom.channels.payload import Day, Many, Payload, Text, read
from dom.channels.scans import SeenAt, all_told, instant, scanned
from dom.channels.shipstation_reader import address
from dom.model.facts import UNKNOWN_SCAN, ReturnNews, Scans, SeenOrder

# ShipStation's words, in those by which scans are known here. A failed attempt is tried again.
_SCANS = {
    "NY": "pre_transit",
    "AC": "in_transit",
    "IT": "in_transit",
    "AT": "in_transit",
    "EX": "in_transit",
    "SP": "available_for_pickup",
    "DE": "delivered",
}
# Of what is neither delivered nor new, the detail says more. Any other exception passes.
_FINER = {
    "OUT_FOR_DELIVERY": "out_for_delivery",
    "AWAITING_COLLECTION_FROM_PICKUP_POINT": "available_for_pickup",
    "COLLECT_AT_LOCAL_PO": "available_for_pickup",
    "CUSTOMER_TO_COLLECT_FROM_CARRIER": "available_for_pickup",
    "DELIVERED_TO_LOCKER_COLLECTION_POINT": "available_for_pickup",
    "RETURN_TO_SENDER": "return_to_sender",
    "PARCEL_LOST": "failure",
    "PARCEL_DISPOSED": "failure",
}
_UNDER_WAY = frozenset({"AC", "IT", "AT", "EX", "SP"})
_PACIFIC = ZoneInfo("America/Los_Angeles")


class _Seen(Payload):
    """One scan of a parcel; the carrier's own local time, beside this one, names no zone."""

    occurred_at: SeenAt = None


class _Tracking(Payload):
    """A parcel as its carrier last saw it."""

    tracking_number: Text = Field(min_length=1, max_length=100)
    status_code: Text = Field(min_length=1)
    status_detail_code: Text = ""
    estimated_delivery_date: Day = None
    events: Many[_Seen] = ()


class _Event(Payload):
    """A hook of V2."""

    data: _Tracking


class _Hook(Payload):
    """A hook of V1: where to read."""

    resource_url: Text = Field(min_length=1, max_length=1000)


class _Row(Payload):
    """A shipment (a label), or a fulfillment (told to ShipStation by somebody else). V1 writes the
    time of the Pacific coast of the United States, without saying so.
    """

    trackingNumber: Text = Field("", max_length=100)
    voided: bool | None = None
    voidDate: Text = ""
    deliveryDate: Annotated[
        datetime | None, BeforeValidator(lambda value: instant(value, _PACIFIC))
    ] = None


class _Shipped(Payload):
    """What `ShipStationReader` brings."""

    rows: Many[_Row] = ()


def tracked(body: bytes) -> ReturnNews:
    """The scan. InvalidInput names the field."""
    seen = read(_Event, body).data
    scan = _SCANS.get(seen.status_code, UNKNOWN_SCAN)
    if seen.status_code in _UNDER_WAY:
        scan = _FINER.get(seen.status_detail_code, scan)
    at = max((one.occurred_at for one in seen.events if one.occurred_at), default=None)
    return scanned(seen.tracking_number, scan, at, seen.estimated_delivery_date)


def named(body: bytes) -> SeenOrder:
    """What a hook of V1 names; InvalidInput if that is elsewhere than at ShipStation."""
    url = address(read(_Hook, body).resource_url)
    return SeenOrder(url, datetime.fromtimestamp(0, UTC))


def shipped(body: bytes) -> ReturnNews | Scans | None:
    """The parcels of what was read; labels that were given back tell nothing."""
    rows = [
        one
        for one in read(_Shipped, body).rows
        if one.trackingNumber and not (one.voided or one.voidDate)
    ]
    return all_told(
        [
            scanned(
                one.trackingNumber,
                "delivered" if one.deliveryDate else "pre_transit",
                one.deliveryDate,
            )
            for one in rows
        ]
    )
