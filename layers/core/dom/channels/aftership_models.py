"""AfterShip's tracking events, told as news."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field

from dom.channels.payload import Payload, Text, read
from dom.model.facts import ReturnEvent, ReturnNews

# AfterShip's words, in those by which scans are known here. A failed attempt is tried again.
_SCANS = {
    "InfoReceived": "pre_transit",
    "InTransit": "in_transit",
    "OutForDelivery": "out_for_delivery",
    "AttemptFail": "in_transit",
    "AvailableForPickup": "available_for_pickup",
    "Delivered": "delivered",
}
# An exception is over for the parcel where it goes back, was destroyed or lost; any other passes:
# https://www.aftership.com/docs/tracking/enum/delivery-sub-statuses
_ENDS = {
    "Exception_010": "return_to_sender",
    "Exception_011": "return_to_sender",
    "Exception_012": "failure",
    "Exception_013": "failure",
}
_EXCEPTION = "Exception"


class _Tracking(Payload):
    """A parcel as its carrier last saw it."""

    tracking_number: Text = Field(min_length=1, max_length=100)
    tag: Text = Field(min_length=1)
    subtag: Text = ""


class _Event(Payload):
    """`ts`: when it happened, in seconds since 1970."""

    ts: Annotated[int, Field(ge=0, le=2**40)]
    msg: _Tracking


def parse(body: bytes) -> ReturnNews:
    """The scan. InvalidInput names the field."""
    event = read(_Event, body)
    seen = event.msg
    scan = _SCANS.get(seen.tag, "unknown")
    if seen.tag == _EXCEPTION:
        scan = _ENDS.get(seen.subtag, "in_transit")
    at = datetime.fromtimestamp(event.ts, UTC)
    return ReturnNews(ReturnEvent.SCANNED, at, tracking_number=seen.tracking_number, scan=scan)
