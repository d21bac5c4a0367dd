"""EasyPost's tracking events, told as news."""

from __future__ import annotations

from pydantic import Field

from dom.channels.payload import Day, Moment, Payload, Text, read
from dom.model.facts import ReturnEvent, ReturnNews


class _Carrier(Payload):
    """What the carrier says in its own words: the day is that of the destination."""

    est_delivery_date_local: Day = None


class _Tracker(Payload):
    """A parcel as its carrier last saw it."""

    tracking_code: Text = Field(min_length=1, max_length=100)
    status: Text = Field(min_length=1)
    updated_at: Moment
    est_delivery_date: Day = None
    carrier_detail: _Carrier | None = None


class _Event(Payload):
    """An event of a tracker; those of mode test move nothing."""

    mode: Text = ""
    result: _Tracker


def parse(body: bytes) -> ReturnNews | None:
    """The scan; None in test mode. InvalidInput names the field."""
    event = read(_Event, body)
    if event.mode == "test":
        return None
    seen = event.result
    local = seen.carrier_detail.est_delivery_date_local if seen.carrier_detail else None
    return ReturnNews(
        ReturnEvent.SCANNED,
        seen.updated_at,
        tracking_number=seen.tracking_code,
        scan=seen.status,
        arrives_on=local or seen.est_delivery_date,
    )
