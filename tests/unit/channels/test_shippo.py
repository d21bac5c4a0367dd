"""Shippo's tracking webhooks: who speaks, and what was seen."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from dom.channels import channel
from dom.channels.protocol import DeliveryIdentity
from dom.channels.shippo import signature
from dom.errors import InvalidInput, Unauthenticated
from dom.model.clock import from_text
from dom.model.facts import ReturnEvent, ReturnNews
from support.builders import NOW
from support.code import ROOT

BODY = (ROOT / "events/shippo/track-updated.json").read_bytes()
SHIPPO = channel("shippo")
AT = "1772701960"


def verify(given: str, body: bytes = BODY) -> DeliveryIdentity:
    headers = {"shippo-auth-signature": given} if given else {}
    return SHIPPO.verify(headers, body, "main", ["old", "secret"], NOW)


def told(**status: Any) -> ReturnNews | None:
    body = json.loads(BODY)
    body["data"]["tracking_status"] |= status
    found = SHIPPO.parse("track_updated", "main", json.dumps(body).encode())
    assert found is None or isinstance(found, ReturnNews)
    return found


def test_time_and_body_are_signed_and_a_repeat_is_the_same_delivery() -> None:
    first = verify(signature("secret", AT, BODY))
    assert verify(signature("old", "1772701990", BODY)) == first
    assert first.topic == "track_updated"


def test_where_shippo_does_not_sign_the_address_carries_the_secret() -> None:
    def carried(text: str, *secrets: str) -> DeliveryIdentity:
        return SHIPPO.verify({"x-dom-secret": text}, BODY, "main", secrets, NOW)

    assert carried("secret", "old", "secret") == verify(signature("secret", AT, BODY))
    for text, secrets in [("guess", ("secret",)), ("", ("",)), ("", ())]:
        with pytest.raises(Unauthenticated):
            carried(text, *secrets)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "t=1,v1=00",
        "v1=" + signature("secret", AT, BODY).partition("v1=")[2],
        signature("secret", AT, BODY).replace(AT, "1772701961"),
        signature("stranger", AT, BODY),
        "ü=ü,v1=ü",
    ],
)
def test_anybody_else_is_refused(given: str) -> None:
    with pytest.raises(Unauthenticated):
        verify(given)


def test_a_scan_is_told_with_the_carriers_time() -> None:
    assert told() == ReturnNews(
        ReturnEvent.SCANNED,
        from_text("2026-03-05T09:12:40Z"),
        tracking_number="9400 1000 0000 0000 0000 00",
        scan="out_for_delivery",
        arrives_on=date(2026, 3, 6),
    )


@pytest.mark.parametrize(
    ("status", "code", "scan"),
    [
        ("PRE_TRANSIT", "information_received", "pre_transit"),
        ("TRANSIT", "package_arrived", "in_transit"),
        ("TRANSIT", "pickup_available", "available_for_pickup"),
        ("DELIVERED", "delivered", "delivered"),
        # The vendor's own sample contradicts itself: the status counts.
        ("DELIVERED", "information_received", "delivered"),
        ("RETURNED", "return_to_sender", "return_to_sender"),
        ("FAILURE", "package_lost", "failure"),
        ("UNKNOWN", "other", "unknown"),
    ],
)
def test_its_words_are_told_in_ours(status: str, code: str, scan: str) -> None:
    found = told(status=status, substatus={"code": code})
    assert found and found.scan == scan


def test_tests_other_events_and_parcels_that_nobody_saw_concern_nobody() -> None:
    body = json.loads(BODY)
    unseen = {**body["data"], "tracking_status": None}
    for change in ({"test": True}, {"event": "transaction_created"}, {"data": unseen}):
        raw = json.dumps({**body, **change}).encode()
        assert SHIPPO.parse("track_updated", "main", raw) is None


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        told(status_date="2026-03-05T09:12:40")
    assert refused.value.field == "data.tracking_status.status_date"
