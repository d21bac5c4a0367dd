"""USPS's tracking subscriptions: who speaks, and what was seen."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from dom.channels import channel
from dom.channels.protocol import DeliveryIdentity
from dom.channels.usps import signature
from dom.errors import InvalidInput, Unauthenticated
from dom.model.facts import ReturnEvent, ReturnNews
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import NOW
from support.code import ROOT
from support.mutations import mutated

ENVELOPE = json.loads((ROOT / "events/usps/tracking.json").read_text())
INNER = json.loads(ENVELOPE["payload"])
USPS = channel("usps")
SIGNED = signature("secret", ENVELOPE["timestamp"], ENVELOPE["payload"])


def verify(body: object, header: str = SIGNED, name: str = "x-hmac") -> DeliveryIdentity:
    return USPS.verify({name: header}, json.dumps(body).encode(), "main", ["old", "secret"], NOW)


def parse(payload: object) -> ReturnNews | None:
    body = json.dumps({**ENVELOPE, "payload": json.dumps(payload)}).encode()
    found = USPS.parse("TRACKING", "main", body)
    assert found is None or isinstance(found, ReturnNews)
    return found


def scan(**parcel: Any) -> str:
    found = parse(INNER | {"statusCategory": "", "status": ""} | parcel)
    assert found
    return found.scan


@pytest.mark.parametrize("name", ["x-hmac", "hmac-header"])
def test_what_the_secret_signed_is_named_by_what_was_signed(name: str) -> None:
    delivery = verify(ENVELOPE, name=name)
    assert (delivery.topic, len(delivery.delivery_id)) == ("TRACKING", 64)
    assert verify({**ENVELOPE, "links": [1]}).delivery_id == delivery.delivery_id


@pytest.mark.parametrize(
    "change",
    [
        {"timestamp": "2026-03-05T15:12:41Z"},
        {"timestamp": None},
        {"payload": "{}"},
        {"payload": INNER},
        {"payload": "\ud800"},
    ],
)
def test_what_was_not_signed_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        verify(ENVELOPE | change)


@pytest.mark.parametrize("header", ["", "ü", signature("stranger", "", "")])
def test_anybody_else_is_refused(header: str) -> None:
    for body in (ENVELOPE, {}, {"timestamp": "", "payload": ""}, []):
        with pytest.raises(Unauthenticated):
            verify(body, header)


def test_a_scan_is_told_by_the_clock_of_greenwich() -> None:
    assert parse(INNER) == ReturnNews(
        ReturnEvent.SCANNED,
        datetime(2026, 3, 5, 15, 12, tzinfo=UTC),
        tracking_number="9400100000000000000000",
        scan="out_for_delivery",
        arrives_on=date(2026, 3, 5),
    )


@pytest.mark.parametrize(
    ("seen", "at"),
    [
        ({"GMTTimestamp": "2026-03-05T15:12:00"}, datetime(2026, 3, 5, 15, 12, tzinfo=UTC)),
        ({"eventTimestamp": "2026-03-05T09:12:00"}, None),
        ({}, None),
    ],
)
def test_a_local_time_is_no_time(seen: dict[str, str], at: datetime | None) -> None:
    found = parse(INNER | {"trackingEvents": [seen]})
    assert found
    assert found.at == at


@pytest.mark.parametrize(
    ("category", "status", "word"),
    [
        ("Pre-Shipment", "Shipping Label Created, USPS Awaiting Item", "pre_transit"),
        ("PRE_SHIPMENT", None, "pre_transit"),
        ("Accepted", None, "in_transit"),
        ("In Transit", "Arrived at USPS Regional Facility", "in_transit"),
        ("Alert", "Weather Delay", "in_transit"),
        (None, "Out for Delivery", "out_for_delivery"),
        ("Delivered", "Delivered, In/At Mailbox", "delivered"),
        ("Delivered to Agent", "Delivered to Agent for Final Delivery", "in_transit"),
        ("Available for Pickup", "Ready for Pickup", "available_for_pickup"),
        # A reminder is no return yet.
        (
            "Available for Pickup",
            "Reminder to pick up your item or your item will be returned to the sender",
            "available_for_pickup",
        ),
        ("Alert", "Return to Sender", "return_to_sender"),
        ("Alert", "Being returned to sender", "return_to_sender"),
        ("Delivered", "Delivered, To Original Sender", "return_to_sender"),
        ("Teleported", "Beamed up", "unknown"),
        (None, None, "unknown"),
    ],
)
def test_its_words_are_told_in_ours(category: str | None, status: str | None, word: str) -> None:
    assert scan(statusCategory=category, status=status) == word


def test_raw_extracts_and_what_comes_tomorrow_concern_nobody() -> None:
    assert USPS.parse("SCAN_EVENT_EXTRACT", "main", b"not json") is None


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({}, "payload.trackingNumber"),
        ([], "payload.body"),
        (
            INNER | {"trackingEvents": [{"GMTTimestamp": 5}]},
            "payload.trackingEvents.0.GMTTimestamp",
        ),
    ],
)
def test_what_is_wrong_is_named(payload: object, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(payload)
    assert refused.value.field == field


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_payload_with_anything_wrong_is_understood_or_refused_by_a_named_field(
    data: st.DataObject,
) -> None:
    payload = data.draw(mutated(INNER))
    try:
        told = parse(payload)
    except InvalidInput as refused:
        field = refused.field
    else:
        field = "payload."
        assert told
    assert field.startswith("payload.")
