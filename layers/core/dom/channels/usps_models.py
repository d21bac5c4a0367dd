"""USPS's tracking summaries, told as news."""

from __future__ import annotations

import re

from pydantic import Field

from dom.channels.payload import Day, Many, Payload, Text, parsed, read, validated
from dom.channels.scans import SeenAt, SeenUtc, scanned
from dom.errors import InvalidInput
from dom.model.facts import UNKNOWN_SCAN, ReturnNews

# USPS's words, in those by which scans are known here. Whoever was not met is tried again.
_SCANS = {
    "pre shipment": "pre_transit",
    "accepted": "in_transit",
    "in transit": "in_transit",
    "delivery attempt": "in_transit",
    "alert": "in_transit",
    "delivered to agent": "in_transit",
    "out for delivery": "out_for_delivery",
    "available for pickup": "available_for_pickup",
    "delivered": "delivered",
}
# It is `Delivered` to whoever sent it, too. A reminder that something is to be collected, or will
# be returned, does not begin so.
_BACK = re.compile(
    r"(being )?return(ed|ing)? to (the )?sender|delivered,? to (the )?original sender"
)


class _Seen(Payload):
    """One scan. `eventTimestamp` is local, `GMTTimestamp` by Greenwich, as its name says."""

    GMTTimestamp: SeenUtc = None
    eventTimestamp: SeenAt = None


class _Tracking(Payload):
    """A parcel as it stands."""

    trackingNumber: Text = Field(min_length=1, max_length=100)
    statusCategory: Text = ""
    status: Text = ""
    expectedDeliveryDate: Day = None
    expectedDeliveryTimeStamp: Day = None
    trackingEvents: Many[_Seen] = ()


class _Envelope(Payload):
    """Its payload is JSON in a text."""

    payload: Text


def parse(body: bytes) -> ReturnNews:
    """The scan. InvalidInput names the field."""
    text = read(_Envelope, body).payload
    try:
        seen = validated(_Tracking, parsed(text.encode("utf-8", "surrogatepass")))
    except InvalidInput as refused:
        raise InvalidInput(f"payload.{refused.field}", refused.reason) from None
    times = [one.GMTTimestamp or one.eventTimestamp for one in seen.trackingEvents]
    at = max((one for one in times if one), default=None)
    day = seen.expectedDeliveryDate or seen.expectedDeliveryTimeStamp
    return scanned(seen.trackingNumber, _scan(seen), at, day)


def _scan(seen: _Tracking) -> str:
    """By the category, which is of few words, else by the status."""
    words = [_plain(seen.statusCategory), _plain(seen.status)]
    if any(_BACK.match(one) for one in words):
        return "return_to_sender"
    found = [_SCANS[one] for one in words if one in _SCANS]
    return found[0] if found else UNKNOWN_SCAN


def _plain(words: str) -> str:
    return re.sub(r"[\s_-]+", " ", words).strip().lower()
