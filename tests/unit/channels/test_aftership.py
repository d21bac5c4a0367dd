"""AfterShip's tracking webhooks: who speaks, and what was seen."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from dom.channels import channel
from dom.channels.aftership import signature
from dom.channels.protocol import DeliveryIdentity
from dom.errors import InvalidInput, Unauthenticated
from dom.model.facts import ReturnEvent, ReturnNews
from support.builders import NOW
from support.code import ROOT

BODY = (ROOT / "events/aftership/tracking-update.json").read_bytes()
AFTERSHIP = channel("aftership")


def verify(given: str, body: bytes = BODY) -> DeliveryIdentity:
    headers = {"aftership-hmac-sha256": given} if given else {}
    return AFTERSHIP.verify(headers, body, "main", ["old", "secret"], NOW)


def told(**parcel: Any) -> ReturnNews:
    body = json.loads(BODY)
    body["msg"] |= parcel
    found = AFTERSHIP.parse("tracking_update", "main", json.dumps(body).encode())
    assert isinstance(found, ReturnNews)
    return found


def test_a_signed_event_is_named_by_its_own_id() -> None:
    name = "0d5a4b2f-8a44-4c42-9b5a-0a5a3f1f8f11"
    assert verify(signature("secret", BODY)) == DeliveryIdentity("tracking_update", name)


@pytest.mark.parametrize("given", ["", "wrong", "ü", signature("stranger", BODY)])
def test_anybody_else_is_refused(given: str) -> None:
    with pytest.raises(Unauthenticated):
        verify(given)


@pytest.mark.parametrize("body", [b"", b"[]", b"not json", b'{"event_id": null}'])
def test_a_signed_body_that_is_no_event_is_let_in_to_be_parked(body: bytes) -> None:
    assert verify(signature("secret", body), body).topic == "unknown"


def test_a_scan_is_told_with_its_time() -> None:
    assert told() == ReturnNews(
        ReturnEvent.SCANNED,
        datetime.fromtimestamp(1772701960, UTC),
        tracking_number="940010000000000000000",
        scan="in_transit",
    )


@pytest.mark.parametrize(
    ("tag", "subtag", "scan"),
    [
        ("Pending", "Pending_001", "unknown"),
        ("InfoReceived", "InfoReceived_001", "pre_transit"),
        ("OutForDelivery", "OutForDelivery_001", "out_for_delivery"),
        ("AttemptFail", "AttemptFail_001", "in_transit"),
        ("AvailableForPickup", "AvailableForPickup_001", "available_for_pickup"),
        ("Delivered", "Delivered_001", "delivered"),
        ("Exception", "Exception_001", "in_transit"),
        ("Exception", "Exception_011", "return_to_sender"),
        ("Exception", "Exception_013", "failure"),
        ("Expired", "Expired_001", "unknown"),
    ],
)
def test_its_words_are_told_in_ours(tag: str, subtag: str, scan: str) -> None:
    assert told(tag=tag, subtag=subtag).scan == scan


def test_a_parcel_without_a_number_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        told(tracking_number=None)
    assert refused.value.field == "msg.tracking_number"
