"""Cycle counts over HTTP, on the real tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from dom.api.identity import Identity
from support.api import Backend, backend
from support.http import Reply

STORE = Identity("store", frozenset({"inventory:write", "inventory:read"}), frozenset({"CHI"}))


@pytest.fixture
def api() -> Iterator[Backend]:
    with backend() as made:
        for place in ("RENO", "CHI"):
            made.put_location(place)
        rows = [{"sku": sku, "location_id": "RENO", "quantity": 40} for sku in ("MUG", "POT")]
        feed = {
            "source": "begin",
            "mode": "snapshot",
            "quantity_is": "on_hand",
            "as_of": (datetime.now(UTC) - timedelta(hours=2)).isoformat(),
            "rows": rows,
        }
        assert made.call("POST", "/inventory/batch", feed).json["accepted"] == 2
        yield made


def count(api: Backend, reference: str = "C-1", place: str = "RENO", **changes: Any) -> Reply:
    at = datetime.now(UTC) - timedelta(minutes=5)
    body = {
        "reference": reference,
        "counted_at": at.isoformat(),
        "lines": [{"sku": "MUG", "quantity": 39}, {"sku": "POT", "quantity": 4}],
        **changes,
    }
    return api.call("POST", f"/counts/{quote(place)}", body)


def on_hand(api: Backend, sku: str) -> dict[str, int]:
    found = api.call("GET", f"/inventory/{sku}").json["positions"]
    return {one["location_id"]: one["on_hand"] for one in found}


def test_a_count_waits_for_a_person_where_it_is_doubted(api: Backend) -> None:
    # GIVEN
    made = count(api)
    assert (made.status, made.json["status"]) == (201, "review")
    assert made.json["lines"] == [
        {"sku": "MUG", "counted": 39, "expected": 40, "doubted": False},
        {"sku": "POT", "counted": 4, "expected": 40, "doubted": True},
    ]
    assert (on_hand(api, "MUG"), on_hand(api, "POT")) == ({"RENO": 39}, {"RENO": 40})
    # WHEN
    path = f"/counts/RENO/{made.json['id']}"
    done = api.call("POST", f"{path}/approve")
    # THEN
    assert (done.status, done.json["status"]) == (200, "applied")
    assert api.call("GET", path).json == done.json
    assert on_hand(api, "POT") == {"RENO": 4}
    assert api.call("POST", f"{path}/dismiss").status == 409
    assert api.call("POST", f"{path}/burn").status == 404
    where = {"location_id": "RENO"}
    (movement, _) = api.call("GET", "/inventory/POT/movements", query=where).json["movements"]
    assert (movement["cause"], movement["on_hand"]) == ("cycle_count", -36)


def test_counts_are_listed_newest_first_page_by_page(
    api: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dom.aws.count_store.PAGE", 2)
    now = datetime.now(UTC)
    made = [
        count(api, f"C-{n}", counted_at=(now - timedelta(minutes=9 - n)).isoformat()).json["id"]
        for n in range(5)
    ]
    found: list[str] = []
    query: dict[str, str] = {}
    while True:
        page = api.call("GET", "/counts/RENO", query=query).json
        found += [one["id"] for one in page["counts"]]
        if page["next"] is None:
            break
        query = {"next": page["next"]}
    assert found == made[::-1]
    assert api.call("GET", "/counts/RENO", query={"next": "x"}).status == 400


def test_a_store_counts_its_own_shelves_only(api: Backend) -> None:
    body = {
        "reference": "C",
        "counted_at": datetime.now(UTC).isoformat(),
        "lines": [{"sku": "MUG", "quantity": 1}],
    }
    assert api.call("POST", "/counts/CHI", body, caller=STORE).status == 201
    assert api.call("POST", "/counts/RENO", body, caller=STORE).status == 403
    assert api.call("GET", "/counts/RENO", caller=STORE).status == 403


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"place": "MARS"}, "location_id"),
        ({"counted_at": "2099-01-01T00:00:00Z"}, "counted_at"),
        ({"counted_at": "2026-03-02T09:00:00"}, "counted_at"),
        ({"lines": []}, "lines"),
        ({"lines": [{"sku": "A", "quantity": -1}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "\x07", "quantity": 1}]}, "lines.0.sku"),
        (
            {"lines": [{"sku": "A", "quantity": 1}, {"sku": "A", "quantity": 2}]},
            "lines.1.quantity",
        ),
        ({"reference": ""}, "reference"),
        ({"more": 1}, "more"),
    ],
)
def test_a_count_that_cannot_be_is_refused_by_its_field(
    api: Backend, changes: dict[str, Any], field: str
) -> None:
    reply = count(api, **changes)
    assert (reply.status, reply.json["errors"][0]["field"]) == (400, field)


def test_the_same_count_again_is_the_same(api: Backend) -> None:
    at = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    first = count(api, counted_at=at)
    assert count(api, counted_at=at).json == first.json
    other = count(api, counted_at=at, lines=[{"sku": "MUG", "quantity": 1}])
    assert other.status == 409
    assert api.call("GET", "/counts/RENO/20260302T093000-aaaaaaaaaaaaaaaaaaaa").status == 404
    assert api.call("GET", "/counts/RENO/x").status == 404
