"""ShipStation's hooks, signed and unsigned: who speaks, and what was seen."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from dom.channels import channel
from dom.channels.protocol import DeliveryIdentity
from dom.errors import InvalidInput, Unauthenticated
from dom.model.facts import ReturnEvent, ReturnNews, Scans, SeenOrder
from support.builders import NOW
from support.code import ROOT
from support.rsa_keys import jwks, pem, signed

EVENTS = ROOT / "events/shipstation"
BODY = (EVENTS / "track-event.json").read_bytes()
NOTIFY = (EVENTS / "ship-notify.json").read_bytes()
SHIPSTATION = channel("shipstation")
AT = "2026-03-06T14:13:00Z"


def verify(headers: dict[str, str], *secrets: str, body: bytes = BODY) -> DeliveryIdentity:
    return SHIPSTATION.verify(headers, body, "main", secrets, NOW)


def headers(key: str = "vendor", at: str = AT, body: bytes = BODY) -> dict[str, str]:
    return {
        "x-shipengine-rsa-sha256-key-id": key,
        "x-shipengine-rsa-sha256-signature": signed(key, f"{at}.".encode() + body),
        "x-shipengine-timestamp": at,
    }


def told(**parcel: Any) -> ReturnNews:
    body = json.loads(BODY)
    body["data"] |= parcel
    found = SHIPSTATION.parse("TRACK_EVENT_V2", "main", json.dumps(body).encode())
    assert isinstance(found, ReturnNews)
    return found


@pytest.mark.parametrize("secret", [jwks("older", "vendor"), pem("vendor")])
def test_what_its_key_signed_is_named_by_its_bytes(secret: str) -> None:
    delivery = verify(headers(), "x", secret)
    assert (delivery.topic, len(delivery.delivery_id)) == ("TRACK_EVENT_V2", 64)
    assert verify(headers(at="2026-03-06T15:00:00Z"), secret) == delivery


@pytest.mark.parametrize(
    "given",
    [
        {},
        headers(key="stranger"),
        headers() | {"x-shipengine-timestamp": "2026-03-06T14:13:01Z"},
        headers(body=b"{}"),
        {"x-dom-secret": jwks("vendor")[:20]},
    ],
)
def test_anybody_else_is_refused(given: dict[str, str]) -> None:
    for secret in (jwks("vendor"), pem("vendor"), "{", "{}", ""):
        with pytest.raises(Unauthenticated):
            verify(given, secret)


@pytest.mark.parametrize(
    "public",
    ["https://api.shipengine.com/jwks", "-----BEGIN RSA PUBLIC KEY-----\nMIIB", '[{"kty": "RSA"}]'],
)
def test_what_everybody_may_know_is_no_secret(public: str) -> None:
    body = json.dumps({"resource_type": "SHIP_NOTIFY", "resource_url": "https://x"}).encode()
    with pytest.raises(Unauthenticated):
        verify({"x-dom-secret": public}, public, body=body)


def test_a_scan_is_signed_or_not_believed() -> None:
    with pytest.raises(Unauthenticated):
        verify({"x-dom-secret": "long and random"}, "long and random", body=BODY)


def test_a_hook_that_is_not_signed_carries_a_secret_of_ours() -> None:
    given = {"x-dom-secret": "long and random"}
    assert verify(given, "long and random", body=NOTIFY).topic == "SHIP_NOTIFY"
    for secrets in [("other",), ("",), (), (jwks("vendor"),)]:
        with pytest.raises(Unauthenticated):
            verify(given, *secrets, body=NOTIFY)


def test_a_scan_is_told_with_the_newest_time_that_names_its_zone() -> None:
    assert told() == ReturnNews(
        ReturnEvent.SCANNED,
        datetime(2026, 3, 6, 14, 12, 40, tzinfo=UTC),
        tracking_number="1Z999AA10123456784",
        scan="out_for_delivery",
        arrives_on=date(2026, 3, 6),
    )
    assert told(events=[{"occurred_at": "2026-03-06T06:12:40"}]).at is None
    assert told(events=None, estimated_delivery_date=None).arrives_on is None


@pytest.mark.parametrize(
    ("code", "detail", "scan"),
    [
        ("UN", None, "unknown"),
        ("ZZ", "OUT_FOR_DELIVERY", "unknown"),
        ("NY", None, "pre_transit"),
        ("NY", "OUT_FOR_DELIVERY", "pre_transit"),
        ("AC", None, "in_transit"),
        ("IT", "SOMETHING_NEW", "in_transit"),
        ("IT", "AWAITING_COLLECTION_FROM_PICKUP_POINT", "available_for_pickup"),
        ("AT", None, "in_transit"),
        ("SP", None, "available_for_pickup"),
        ("EX", "CARRIER_DELAYS", "in_transit"),
        ("EX", "RETURN_TO_SENDER", "return_to_sender"),
        ("EX", "PARCEL_LOST", "failure"),
        ("DE", "DELIVERED_TO_LOCKER_COLLECTION_POINT", "delivered"),
    ],
)
def test_its_words_are_told_in_ours(code: str, detail: str | None, scan: str) -> None:
    assert told(status_code=code, status_detail_code=detail).scan == scan


def test_a_thin_hook_names_where_to_read() -> None:
    found = SHIPSTATION.parse("SHIP_NOTIFY", "main", NOTIFY)
    assert isinstance(found, SeenOrder)
    assert found.external_id == json.loads(NOTIFY)["resource_url"]


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
        "https://169.254.169.254/shipments",
        "http://ssapi.shipstation.com/shipments",
        "https://ssapi.shipstation.com.evil.example/shipments",
        "https://evil.example/ssapi.shipstation.com/shipments",
        "https://ssapi.shipstation.com@evil.example/shipments",
        "https://evil.example#@ssapi.shipstation.com/shipments",
        "https://evil.example\\@ssapi.shipstation.com/shipments",
        "https://ssapi.shipstation.com\\.evil.example/shipments",
        "https://user:pass@ssapi.shipstation.com/shipments",
        "https://ssapi.shipstation.com:8443/shipments",
        "https://ssapi.shipstation.com:99999999/shipments",
        "https://[::1]/shipments",
        "https://[ssapi.shipstation.com/shipments",
        "https://xssapi.shipstation.com/shipments",
        "https://ssapi.shipstation.com/orders?orderId=1",
        "https://ssapi.shipstation.com/shipments/../orders",
        "file:///etc/passwd",
        "//ssapi.shipstation.com/shipments",
        "shipments",
    ],
)
def test_a_hook_that_points_anywhere_else_is_refused(url: str) -> None:
    body = json.dumps({"resource_url": url, "resource_type": "SHIP_NOTIFY"}).encode()
    with pytest.raises(InvalidInput) as refused:
        SHIPSTATION.parse("SHIP_NOTIFY", "main", body)
    assert refused.value.field == "resource_url"


def test_of_what_was_read_each_parcel_is_told_by_the_pacific_clock() -> None:
    found = SHIPSTATION.parse("shipped", "main", (EVENTS / "shipped.json").read_bytes())
    assert isinstance(found, Scans)
    assert [(one.tracking_number, one.scan, one.at) for one in found.news] == [
        ("1Z999AA10123456784", "pre_transit", None),
        ("9400100000000000000000", "delivered", datetime(2026, 3, 6, 0, 12, 40, tzinfo=UTC)),
    ]
    assert SHIPSTATION.parse("shipped", "main", b'{"rows": []}') is None


@pytest.mark.parametrize("topic", ["ORDER_NOTIFY", "LABEL_CREATED_V2", "unknown"])
def test_other_events_concern_nobody(topic: str) -> None:
    assert SHIPSTATION.parse(topic, "main", b"not json") is None


@pytest.mark.parametrize("field", ["tracking_number", "status_code"])
def test_what_a_scan_lacks_is_named(field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        told(**{field: None})
    assert refused.value.field == f"data.{field}"
