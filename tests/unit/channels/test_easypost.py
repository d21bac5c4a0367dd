"""EasyPost's tracking webhooks: who speaks, and what was seen."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from dom.channels import channel
from dom.channels.easypost import signature
from dom.errors import InvalidInput, Unauthenticated
from dom.model.clock import from_text
from dom.model.facts import ReturnEvent, ReturnNews
from support.builders import NOW

BODY = (Path(__file__).parents[3] / "events/easypost/tracker-updated.json").read_bytes()
# The accent in one character, as a keyboard types it; EasyPost signs with it in two.
SECRET = "caf\u00e9"
EASYPOST = channel("easypost")


def verify(body: bytes = BODY, given: str = "", secrets: tuple[str, ...] = (SECRET,)) -> Any:
    headers = {"x-hmac-signature": given} if given else {}
    return EASYPOST.verify(headers, body, "main", secrets, NOW)


def test_a_signed_event_is_named_by_its_own_id() -> None:
    told = verify(given=signature(SECRET, BODY))
    assert (told.topic, told.delivery_id) == ("tracker.updated", "evt_5f7d1c2a")


def test_the_secret_is_normalized_before_it_signs() -> None:
    assert signature("caf\u00e9", BODY) == signature("cafe\u0301", BODY)


@pytest.mark.parametrize("given", ["", "hmac-sha256-hex=00", "ü", signature("other", BODY)])
def test_what_is_not_signed_by_us_is_refused(given: str) -> None:
    with pytest.raises(Unauthenticated):
        verify(given=given)
    with pytest.raises(Unauthenticated):
        verify(given=signature(SECRET, BODY), secrets=())


@pytest.mark.parametrize("body", [b"", b"[]", b"not json", b'{"id": null}'])
def test_a_signed_body_that_is_no_event_is_let_in_to_be_parked(body: bytes) -> None:
    told = verify(body, signature(SECRET, body))
    assert (told.topic, len(told.delivery_id)) == ("unknown", 64)


def test_a_scan_is_told_with_the_carriers_time() -> None:
    assert EASYPOST.parse("tracker.updated", "main", BODY) == ReturnNews(
        ReturnEvent.SCANNED,
        from_text("2026-03-05T09:12:40Z"),
        tracking_number="9400 1000 0000 0000 0000 00",
        scan="in_transit",
    )


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ({"est_delivery_date": "2026-03-07T00:00:00Z"}, date(2026, 3, 7)),
        (
            {
                "est_delivery_date": "2026-03-08T00:00:00Z",
                "carrier_detail": {"est_delivery_date_local": "2026-03-07"},
            },
            date(2026, 3, 7),
        ),
        ({"est_delivery_date": "soon", "carrier_detail": None}, None),
    ],
)
def test_the_day_on_which_the_carrier_means_to_deliver_is_the_destinations_own(
    said: dict[str, Any], day: date | None
) -> None:
    event = json.loads(BODY)
    event["result"] |= said
    news = EASYPOST.parse("tracker.updated", "main", json.dumps(event).encode())
    assert news and news.arrives_on == day


def test_tests_of_the_vendor_and_other_events_concern_nobody() -> None:
    event = json.loads(BODY)
    told = json.dumps({**event, "mode": "test"}).encode()
    assert EASYPOST.parse("tracker.updated", "main", told) is None
    assert EASYPOST.parse("batch.created", "main", BODY) is None


@pytest.mark.parametrize("field", ["tracking_code", "status", "updated_at"])
def test_what_a_scan_lacks_is_named(field: str) -> None:
    event = json.loads(BODY)
    del event["result"][field]
    with pytest.raises(InvalidInput, match=f"result.{field}"):
        EASYPOST.parse("tracker.updated", "main", json.dumps(event).encode())
