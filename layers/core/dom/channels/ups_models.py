"""UPS's tracking events, told as news."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import Field

from dom.channels.payload import Day, Payload, Text, read
from dom.channels.scans import scanned
from dom.errors import InvalidInput
from dom.model.facts import RESCHEDULED, UNKNOWN_SCAN, ReturnNews

# By what UPS calls the code of a status description (the ones of the Track API), in the words by
# which scans are known here. A failed attempt (022 to 024) is tried again.
_SCANS = {
    "003": "pre_transit",
    "007": "cancelled",
    "006": "out_for_delivery",
    "021": "out_for_delivery",
    "011": "delivered",
    "026": "delivered",
    "017": "available_for_pickup",
    "040": "available_for_pickup",
    "034": "return_to_sender",
    "035": "return_to_sender",
    "036": "return_to_sender",
    "037": "return_to_sender",
}
# Of any other code the type says enough. An exception (X) may still arrive on time.
_TYPES = {
    "M": "pre_transit",
    "MV": "pre_transit",
    "I": "in_transit",
    "X": "in_transit",
    "U": RESCHEDULED,
}
# Events before 2024 have no such code.
_CODES = {"OT": "out_for_delivery"}
# Deliveries are out, handed over or at an Access Point: the type alone does not say which.
_DELIVERY = "D"
# Parcels of UPS's test environment.
_TEST = "1ZCIETST"


class _Status(Payload):
    """What happened."""

    type: Text = ""
    code: Text = ""
    descriptionCode: Text = ""


class _Event(Payload):
    """A parcel's event. Local date and time name no zone, and are not read."""

    trackingNumber: Text = Field(min_length=1, max_length=100)
    activityStatus: _Status
    gmtActivityDate: Text = ""
    gmtActivityTime: Text = ""
    scheduledDeliveryDate: Day = None
    actualDeliveryDate: Text = ""


def parse(body: bytes) -> ReturnNews | None:
    """The scan; None for tests. InvalidInput names the field."""
    event = read(_Event, body)
    number, scan = event.trackingNumber.upper(), _scan(event)
    if number.startswith(_TEST):
        return None
    return scanned(number, scan, _at(event), event.scheduledDeliveryDate)


def _scan(event: _Event) -> str:
    status = event.activityStatus
    by_code = _SCANS.get(status.descriptionCode) or _CODES.get(status.code)
    if by_code:
        return by_code
    if status.type == _DELIVERY and event.actualDeliveryDate and not status.descriptionCode:
        return "delivered"
    return _TYPES.get(status.type, UNKNOWN_SCAN)


def _at(event: _Event) -> datetime | None:
    """By Greenwich; None where that is not told."""
    day, clock = event.gmtActivityDate, event.gmtActivityTime
    if not (day and clock):
        return None
    try:
        return datetime.strptime(f"{day} {clock:0>6}", "%Y%m%d %H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise InvalidInput("gmtActivityDate", "not a date and time of Greenwich") from None
