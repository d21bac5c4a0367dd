"""Suppliers over HTTP: how they are asked, when they are to ship, and how well they do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dom.api.identity import Identity
from dom.model.fulfillment import FulfillmentStatus
from dom.model.ids import LocationId
from dom.model.order import Bucket
from support.api import Backend, backend
from support.builders import line, order, work

SCOPES = frozenset({"fulfillments:read", "fulfillments:write", "locations:read"})
ACME = Identity("acme", SCOPES | {"locations:write"}, frozenset({"ACME"}))
JANUARY = {"from": "2026-01-01", "to": "2026-01-31"}
HOOK = {"transport": "webhook", "url": "https://acme.example/orders", "ship_seconds": 7200}


@pytest.fixture
def api() -> Iterator[Backend]:
    with backend() as made:
        made.put_location("ACME", type="supplier")
        yield made


def test_a_supplier_is_stored_shown_listed_and_removed(api: Backend) -> None:
    stored = api.call("PUT", "/suppliers/ACME", HOOK)
    assert (stored.status, stored.json["address"]) == (200, HOOK["url"])
    assert (stored.json["accept_seconds"], stored.json["ship_seconds"]) == (None, 7200)
    assert api.call("GET", "/suppliers/ACME").json == stored.json
    assert api.call("PUT", "/suppliers/ACME", HOOK).json["version"] == 1
    assert api.call("GET", "/suppliers").json == {"suppliers": [stored.json]}
    assert api.call("DELETE", "/suppliers/ACME").json == stored.json
    assert api.call("GET", "/suppliers/ACME").status == 404


@pytest.mark.parametrize(
    "body",
    [
        {"transport": "webhook"},
        {"transport": "webhook", "url": "http://acme.example"},
        {"transport": "webhook", "url": "https://acme.example", "email": "a@acme.example"},
        {"transport": "email", "email": "a@acme.example\r\nBcc: b@acme.example"},
        {"transport": "email", "url": "https://acme.example"},
        {"transport": "file", "email": "a@acme.example"},
        {"transport": "fax"},
        {"transport": "x12"},
        {"transport": "x12", "partner": "a b"},
        {"transport": "file", "partner": "wms"},
        {**HOOK, "ship_seconds": 0},
        {**HOOK, "secret": "no"},
    ],
)
def test_what_does_not_say_how_to_reach_it_is_refused(api: Backend, body: dict[str, Any]) -> None:
    assert api.call("PUT", "/suppliers/ACME", body).status == 400


def test_a_key_can_only_be_found_under_a_plain_name(api: Backend) -> None:
    api.put_location("Malmö 1", type="supplier")
    path = "/suppliers/Malm%C3%B6%201"
    refused = api.call("PUT", path, HOOK)
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, "transport")
    assert api.call("PUT", path, {"transport": "file"}).status == 200


def test_only_a_location_of_that_type_is_a_supplier(api: Backend) -> None:
    api.put_location("RENO")
    refused = api.call("PUT", "/suppliers/RENO", {"transport": "file"})
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, "location_id")


def test_a_supplier_without_a_location_is_not_found(api: Backend) -> None:
    assert api.call("PUT", "/suppliers/NOBODY", {"transport": "file"}).status == 404


def test_a_supplier_sees_itself_and_changes_nothing(api: Backend) -> None:
    api.put_location("OTHER")
    api.call("PUT", "/suppliers/ACME", {"transport": "file"})
    assert api.call("GET", "/suppliers/ACME", caller=ACME).status == 200
    assert api.call("GET", "/locations/ACME/scorecard", caller=ACME).status == 200
    for method, path in (
        ("GET", "/suppliers"),
        ("GET", "/suppliers/OTHER"),
        ("PUT", "/suppliers/ACME"),
        ("DELETE", "/suppliers/ACME"),
        ("GET", "/locations/OTHER/scorecard"),
    ):
        body = HOOK if method == "PUT" else None
        assert api.call(method, path, body, caller=ACME).status in (403, 404), path


def test_an_acknowledgement_with_an_eta_is_shown_and_counted_once(api: Backend) -> None:
    api.call("PUT", "/suppliers/ACME", {"transport": "file"})
    api.call("PUT", "/inventory/ACME/MUG", {"on_hand": 5})
    api.reserve("MUG", "ACME", 1)
    allocated = order("ord_a", line("1", buckets={Bucket.ALLOCATED: 1}), version=0)
    place = LocationId("ACME")
    assigned = work(1, FulfillmentStatus.ASSIGNED, version=0, location_id=place)
    api.commit(orders=(allocated,), fulfillment_orders=(assigned,))
    eta = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="seconds")
    for _ in range(2):
        body = {"request_id": "r1", "eta": eta}
        answer = api.call("POST", "/fulfillments/ord_a-1/accept", body, caller=ACME)
        assert (answer.status, answer.json["eta"][:19]) == (200, eta[:19])
    api.call("POST", "/fulfillments/ord_a-1/ship", caller=ACME)
    card = api.call("GET", "/locations/ACME/scorecard").json
    total = card["total"]
    assert (total["sent"], total["acknowledged"], total["shipped_on_time"]) == (1, 1, 1)
    assert (total["acknowledge_p90_seconds"], total["on_time_percent"]) == (60, 100.0)
    assert [one["sent"] for one in card["days"]] == [1]
    before = api.call("GET", "/locations/ACME/scorecard", query=JANUARY).json
    assert (before["total"]["sent"], before["total"]["reject_percent"]) == (0, None)


@pytest.mark.parametrize("eta", ["tomorrow", "2026-03-04T10:00:00", 5, "2020-01-01"])
def test_an_eta_that_is_no_day_or_time_to_come_is_refused(api: Backend, eta: object) -> None:
    api.commit(
        orders=(order("ord_a", line("1", buckets={Bucket.ALLOCATED: 1}), version=0),),
        fulfillment_orders=(work(1, version=0, location_id=LocationId("ACME")),),
    )
    answer = api.call("POST", "/fulfillments/ord_a-1/accept", {"eta": eta})
    assert (answer.status, answer.json["errors"][0]["field"][:3]) == (400, "eta")


@pytest.mark.parametrize(
    "query",
    [
        {"from": "x"},
        {"to": "2026-02-30"},
        {"from": "2026-02-01", "to": "2026-01-01"},
        {"from": "2024-01-01", "to": "2026-01-01"},
    ],
)
def test_days_that_are_none_or_too_many_are_refused(api: Backend, query: dict[str, str]) -> None:
    assert api.call("GET", "/locations/ACME/scorecard", query=query).status == 400
