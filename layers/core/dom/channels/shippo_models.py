"""Shippo's tracking events, told as news."""

from __future__ import annotations

from pydantic import Field

from dom.channels.payload import Day, Moment, Payload, Text, read
from dom.model.facts import ReturnEvent, ReturnNews

# Shippo's words, in those by which scans are known here; any other tells nothing.
_SCANS = {
    "PRE_TRANSIT": "pre_transit",
    "TRANSIT": "in_transit",
    "DELIVERED": "delivered",
    "RETURNED": "return_to_sender",
    "FAILURE": "failure",
}
# Of what is in transit, the substatus says more.
_FINER = {
    "out_for_delivery": "out_for_delivery",
    "pickup_available": "available_for_pickup",
}
_TRANSIT = "TRANSIT"


class _Substatus(Payload):
    """What exactly happened."""

    code: Text = ""


class _Status(Payload):
    """How far it is. A substatus may contradict it: the status counts."""

    status: Text = Field(min_length=1)
    status_date: Moment
    substatus: _Substatus | None = None


class _Parcel(Payload):
    """A parcel as its carrier last saw it; nobody saw one yet that has no status."""

    tracking_number: Text = Field(min_length=1, max_length=100)
    tracking_status: _Status | None = None
    eta: Day = None


class _Event(Payload):
    """`event` names the kind; tests move nothing."""

    event: Text = ""
    test: bool = False
    data: _Parcel | None = None


def parse(body: bytes) -> ReturnNews | None:
    """The scan; None for tests, other events, and parcels that nobody saw."""
    told = read(_Event, body)
    seen = told.data.tracking_status if told.data else None
    if told.test or told.event != "track_updated" or told.data is None or seen is None:
        return None
    scan = _SCANS.get(seen.status, "unknown")
    if seen.status == _TRANSIT and seen.substatus:
        scan = _FINER.get(seen.substatus.code, scan)
    number = told.data.tracking_number
    return ReturnNews(
        ReturnEvent.SCANNED,
        seen.status_date,
        tracking_number=number,
        scan=scan,
        arrives_on=told.data.eta,
    )
