"""UPS Track Alert: who speaks, and what was seen."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from dom.channels import channel
from dom.channels.protocol import DeliveryIdentity
from dom.errors import InvalidInput, Unauthenticated
from dom.model.facts import ReturnEvent, ReturnNews
from support.builders import NOW
from support.code import ROOT

BODY = (ROOT / "events/ups/tracking-event.json").read_bytes()
UPS = channel("ups")


def verify(given: str, *secrets: str) -> DeliveryIdentity:
    headers = {"credential": given, "user-agent": "UPSPubSubTrackingService"}
    return UPS.verify(headers, BODY, "main", secrets, NOW)


def parse(**event: Any) -> ReturnNews | None:
    found = UPS.parse("TrackingEvent", "main", json.dumps(json.loads(BODY) | event).encode())
    assert found is None or isinstance(found, ReturnNews)
    return found


def scan(**status: Any) -> str | None:
    found = parse(activityStatus=status)
    return found.scan if found else None


def test_who_knows_the_credential_speaks_and_repeats_are_the_same_bytes() -> None:
    told = verify("secret", "old", "secret")
    assert (told.topic, len(told.delivery_id)) == ("TrackingEvent", 64)
    assert verify("old", "old", "secret") == told


@pytest.mark.parametrize("given", ["", "Secret", "ü", "secret2"])
def test_anybody_else_is_refused(given: str) -> None:
    for secrets in [("secret",), (), ("",)]:
        with pytest.raises(Unauthenticated):
            verify(given, *secrets)


def test_a_scan_is_told_by_the_clock_of_greenwich() -> None:
    assert parse() == ReturnNews(
        ReturnEvent.SCANNED,
        datetime(2026, 3, 5, 14, 15, 19, tzinfo=UTC),
        tracking_number="1Z999AA10123456784",
        scan="out_for_delivery",
        arrives_on=date(2026, 3, 5),
    )


@pytest.mark.parametrize(
    ("type_", "code", "description", "word"),
    [
        ("M", "MP", "003", "pre_transit"),
        ("MV", "VP", "007", "cancelled"),
        ("I", "OR", "005", "in_transit"),
        ("I", "YP", "071", "in_transit"),
        ("I", "OT", "021", "out_for_delivery"),
        ("D", "OT", "021", "out_for_delivery"),
        ("D", "FS", "011", "delivered"),
        ("D", "KB", "026", "delivered"),
        ("D", "2Q", "040", "available_for_pickup"),
        ("X", "HP", "017", "available_for_pickup"),
        ("X", "48", "022", "in_transit"),
        ("X", "A1", "013", "in_transit"),
        ("X", "RS", "035", "return_to_sender"),
        ("D", "RS", "034", "return_to_sender"),
        # A delivery of a kind that nobody knows is none: it may be at a neighbor's, or a depot.
        ("D", "ZZ", "999", "unknown"),
        ("Z", "ZZ", "", "unknown"),
    ],
)
def test_its_words_are_told_in_ours(type_: str, code: str, description: str, word: str) -> None:
    assert scan(type=type_, code=code, descriptionCode=description) == word


def test_an_event_of_before_there_were_such_codes_is_delivered_if_it_says_when() -> None:
    old = {"type": "D", "code": "FS", "description": "DELIVERED"}
    found = parse(activityStatus=old, actualDeliveryDate="20260305")
    assert found
    assert found.scan == "delivered"
    assert scan(**old) == "unknown"
    assert scan(type="I", code="OT") == "out_for_delivery"


def test_a_schedule_that_moved_shows_no_parcel_moving() -> None:
    assert scan(type="U", code="A0", descriptionCode="055") == "rescheduled"


@pytest.mark.parametrize("number", ["1ZCIETST0111111114", "1zcietst0422222228"])
def test_parcels_of_its_test_environment_move_nothing(number: str) -> None:
    assert parse(trackingNumber=number) is None


@pytest.mark.parametrize(("day", "clock"), [("", ""), ("20260305", ""), (None, "141519")])
def test_what_has_no_time_of_greenwich_is_told_without(day: str | None, clock: str) -> None:
    found = parse(gmtActivityDate=day, gmtActivityTime=clock, scheduledDeliveryDate="")
    assert found
    assert (found.at, found.arrives_on) == (None, None)


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({"trackingNumber": None}, "trackingNumber"),
        ({"trackingNumber": "  "}, "trackingNumber"),
        ({"activityStatus": None}, "activityStatus"),
        ({"gmtActivityDate": "20261305"}, "gmtActivityDate"),
        ({"gmtActivityTime": "noon"}, "gmtActivityDate"),
    ],
)
def test_what_is_wrong_is_named(event: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(**event)
    assert refused.value.field == field
