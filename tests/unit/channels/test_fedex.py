"""FedEx's visibility hooks: who speaks, and what was seen."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from dom.channels import channel
from dom.channels.fedex import signature
from dom.channels.signing import mac
from dom.errors import InvalidInput, Unauthenticated
from dom.model.facts import ReturnNews, Scans
from support.builders import NOW
from support.code import ROOT

BODY = (ROOT / "events/fedex/track.json").read_bytes()
FEDEX = channel("fedex")
ESTIMATED = [{"type": "ESTIMATED_DELIVERY", "dateTime": "2026-03-07T00:00:00"}]


def told(body: object) -> list[tuple[str, str, datetime | None, date | None]]:
    found = FEDEX.parse("track", "main", json.dumps(body).encode())
    assert found is None or isinstance(found, (Scans, ReturnNews))
    news = found.news if isinstance(found, Scans) else [found] if found else []
    return [(one.tracking_number, one.scan, one.at, one.arrives_on) for one in news]


def words(*events: tuple[str, str], **result: Any) -> list[str]:
    """What is told of one parcel with these codes, each at an hour of its day."""
    seen = [{"date": f"2026-03-05T{hour}:00:00-05:00", "eventType": code} for hour, code in events]
    body = {"trackResults": [{"trackingNumber": "7946", "scanEvents": seen, **result}]}
    return [scan for _, scan, _, _ in told(body)]


@pytest.mark.parametrize("given", [signature("secret", BODY), mac("secret", BODY).hex()])
def test_what_the_token_signed_is_named_by_its_bytes(given: str) -> None:
    delivery = FEDEX.verify({"fdx-signature": given}, BODY, "main", ["old", "secret"], NOW)
    assert (delivery.topic, len(delivery.delivery_id)) == ("track", 64)


@pytest.mark.parametrize("given", ["", "ü", signature("stranger", BODY), signature("secret", b"")])
def test_anybody_else_is_refused(given: str) -> None:
    with pytest.raises(Unauthenticated):
        FEDEX.verify({"fdx-signature": given}, BODY, "main", ["secret"], NOW)


def test_each_parcel_of_a_body_is_told_as_it_stands() -> None:
    assert told(json.loads(BODY)) == [
        (
            "794665654567",
            "out_for_delivery",
            datetime(2026, 3, 5, 13, 15, tzinfo=UTC),
            date(2026, 3, 5),
        ),
        ("794665654568", "pre_transit", datetime(2026, 3, 5, 13, 0, tzinfo=UTC), None),
    ]


def test_results_by_themselves_and_a_state_without_scans_are_understood() -> None:
    latest = {"trackingNumber": "7946", "latestStatusDetail": {"code": "DL"}}
    body = {"trackResults": [latest | {"dateAndTimes": ESTIMATED}]}
    assert told(body) == [("7946", "delivered", None, date(2026, 3, 7))]
    assert told({"trackResults": [{"trackingNumber": "7946"}]}) == []


@pytest.mark.parametrize(
    ("code", "scan"),
    [
        ("OC", "pre_transit"),
        ("PU", "in_transit"),
        ("DE", "in_transit"),
        ("OD", "out_for_delivery"),
        ("HL", "available_for_pickup"),
        ("DL", "delivered"),
        ("RS", "return_to_sender"),
        ("CA", "cancelled"),
        ("??", "unknown"),
        ("", "unknown"),
    ],
)
def test_its_codes_are_told_in_our_words(code: str, scan: str) -> None:
    assert words(("10", code)) == [scan]


def test_a_code_of_tomorrow_counts_by_the_state_it_leads_to() -> None:
    events = [{"date": None, "eventType": "Q1", "derivedStatusCode": "DL"}]
    assert words(scanEvents=events) == ["delivered"]


def test_scans_come_in_disorder_and_what_was_handed_over_stays_so() -> None:
    assert words(("10", "OD"), ("08", "AR")) == ["out_for_delivery"]
    assert words(("08", "AR"), ("12", "DL")) == ["delivered"]
    assert words(("14", "DP"), ("12", "DL"), ("08", "AR")) == ["delivered"]
    assert words(("09", "??"), ("08", "AR")) == ["in_transit"]


def test_what_goes_back_is_handed_over_to_its_sender() -> None:
    assert words(("08", "DE"), ("10", "RS"), ("12", "IT"), ("16", "DL")) == ["return_to_sender"]


@pytest.mark.parametrize(("code", "scan"), [("DL", "delivered"), ("RS", "return_to_sender")])
def test_an_end_is_told_as_of_the_last_scan_lest_it_look_old(code: str, scan: str) -> None:
    # The hook that told it first may be lost, and the scan after it noted already.
    dates = [("10:00", code), ("12:00", "IT")]
    events = [{"date": f"2026-03-05T{at}:00Z", "eventType": one} for at, one in dates]
    body = {"trackResults": [{"trackingNumber": "7946", "scanEvents": events}]}
    assert told(body) == [("7946", scan, datetime(2026, 3, 5, 12, tzinfo=UTC), None)]


def test_a_time_of_no_zone_is_no_time() -> None:
    events = [{"date": "2026-03-05T08:00:00", "eventType": "OD"}]
    body = {"trackResults": [{"trackingNumber": "7946", "scanEvents": events}]}
    assert told(body) == [("7946", "out_for_delivery", None, None)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "output"),
        ({"output": None}, "output"),
        ({"output": {}}, "output.completeTrackResults"),
        ({"trackResults": [{"scanEvents": []}]}, "trackResults.0.trackingNumber"),
        (
            {"output": {"completeTrackResults": [{"trackResults": [{"scanEvents": [{}]}]}]}},
            "output.completeTrackResults.0.trackResults.0.trackingNumber",
        ),
        (
            {"trackResults": [{"trackingNumber": "7", "scanEvents": [{"date": "noon"}]}]},
            "trackResults.0.scanEvents.0.date",
        ),
    ],
)
def test_what_is_wrong_is_named(body: object, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        told(body)
    assert refused.value.field == field
