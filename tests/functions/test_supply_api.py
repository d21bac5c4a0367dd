"""Transfers and purchase orders over HTTP, on the real tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from dom.api.identity import Identity
from dom.model.supply import SupplyKind, supply_id
from support.api import Backend, backend
from support.http import Reply

CHICAGO = Identity("chi", frozenset({"inventory:write", "inventory:read"}), frozenset({"CHI"}))


@pytest.fixture
def api() -> Iterator[Backend]:
    with backend() as made:
        for place in ("RENO", "CHI", "NYC"):
            made.put_location(place)
        for sku in ("MUG", "CUP"):
            made.call("PUT", f"/inventory/RENO/{sku}", {"on_hand": 10})
        yield made


def transfer(api: Backend, reference: str = "T-1", **changes: Any) -> Reply:
    body = {
        "from_location_id": "RENO",
        "location_id": "CHI",
        "reference": reference,
        "expected_on": "2026-12-01",
        "lines": [{"sku": "MUG", "quantity": 3}, {"sku": "MUG", "quantity": 1}],
        **changes,
    }
    return api.call("POST", "/transfers", body)


def act(api: Backend, order: Any, action: str, body: object = None, **rest: Any) -> Reply:
    kind = "transfers" if order["kind"] == "transfer" else "purchase-orders"
    return api.call("POST", f"/{kind}/{order['id']}/{action}", body, **rest)


def on_hand(api: Backend, sku: str) -> dict[str, int]:
    found = api.call("GET", f"/inventory/{sku}").json["positions"]
    return {one["location_id"]: one["on_hand"] for one in found}


def test_a_transfer_from_request_to_close(api: Backend) -> None:
    # GIVEN
    made = transfer(api)
    assert made.status == 201
    order = made.json
    assert [(one["sku"], one["ordered"]) for one in order["lines"]] == [("MUG", 4)]
    assert (order["status"], order["expected_on"]) == ("requested", "2026-12-01")
    assert transfer(api).json == order
    assert transfer(api, lines=[{"sku": "CUP", "quantity": 1}]).status == 409
    # WHEN
    left = act(api, order, "ship", {"request_id": "s1"})
    assert (left.status, left.json["status"]) == (200, "shipped")
    assert act(api, order, "ship", {"request_id": "s1"}).json == left.json
    rows = [{"sku": "MUG", "quantity": 3, "damaged": 1}, {"sku": "HAT", "quantity": 2}]
    came = act(api, order, "receive", {"request_id": "r1", "lines": rows})
    assert (came.status, came.json["status"]) == (200, "received")
    ended = act(api, order, "close").json
    # THEN
    assert on_hand(api, "MUG") == {"RENO": 6, "CHI": 3}
    assert ended["status"] == "closed" and ended["ended_at"]
    assert ended["discrepancies"] == [
        {"sku": "MUG", "kind": "short", "units": 1},
        {"sku": "HAT", "kind": "unexpected", "units": 2},
    ]
    assert api.call("GET", f"/transfers/{order['id']}").json == ended
    where = {"location_id": "CHI"}
    ledger = api.call("GET", "/inventory/MUG/movements", query=where).json["movements"]
    assert [(one["cause"], one["on_hand"], one["unsellable"]) for one in ledger] == [
        ("transfer_in", 3, 1)
    ]
    assert ledger[0]["references"] == [{"supply_order_id": order["id"], "reference": "T-1"}]


def test_open_ones_are_listed_at_both_ends_page_by_page(
    api: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dom.aws.supply_store.PAGE", 2)
    made = [transfer(api, f"T-{n}").json["id"] for n in range(5)]
    buy = {
        "supplier": "ACME",
        "location_id": "CHI",
        "reference": "P",
        "lines": [{"sku": "MUG", "quantity": 1}],
    }
    bought = api.call("POST", "/purchase-orders", buy).json
    api.call("POST", f"/transfers/{made[0]}/cancel")
    for place in ("RENO", "CHI"):
        found: list[str] = []
        query = {"location_id": place}
        while True:
            page = api.call("GET", "/transfers", query=query).json
            found += [one["id"] for one in page["orders"]]
            if page["next"] is None:
                break
            query["next"] = page["next"]
        assert found == sorted(made[1:])
    (listed,) = api.call("GET", "/purchase-orders", query={"location_id": "CHI"}).json["orders"]
    assert listed == bought
    assert api.call("GET", "/purchase-orders", query={"location_id": "RENO"}).json["orders"] == []
    assert api.call("GET", "/transfers").status == 400
    bad = {"location_id": "CHI", "next": "x"}
    assert api.call("GET", "/transfers", query=bad).status == 400


def test_a_purchase_order_is_received(api: Backend) -> None:
    body = {
        "supplier": "ACME",
        "location_id": "NYC",
        "reference": "P-1",
        "lines": [{"sku": "NEW", "quantity": 5}],
    }
    order = api.call("POST", "/purchase-orders", body).json
    assert (order["supplier"], order["from_location_id"]) == ("ACME", None)
    came = {"request_id": "r", "lines": [{"sku": "NEW", "quantity": 6}]}
    found = act(api, order, "receive", came).json
    assert found["discrepancies"] == [{"sku": "NEW", "kind": "over", "units": 1}]
    assert on_hand(api, "NEW") == {"NYC": 6}
    # A transfer's path does not lead to it, and nobody ships it.
    assert api.call("GET", f"/transfers/{order['id']}").status == 404
    assert api.call("POST", f"/purchase-orders/{order['id']}/ship", {}).status == 404


def test_what_is_not_available_does_not_leave(api: Backend) -> None:
    api.reserve("MUG", "RENO", 8)
    order = transfer(api).json
    refused = act(api, order, "ship", {"request_id": "s"})
    assert refused.status == 409
    assert refused.json["unavailable"] == [{"sku": "MUG", "quantity": 2}]
    assert on_hand(api, "MUG") == {"RENO": 10}
    assert act(api, order, "ship", {"request_id": "s", "anyway": True}).status == 200
    assert on_hand(api, "MUG") == {"RENO": 6}


def test_a_store_receives_at_its_own_door_only(api: Backend) -> None:
    order = transfer(api).json
    came = {"request_id": "r", "lines": [{"sku": "MUG", "quantity": 1}]}
    assert act(api, order, "ship", {"request_id": "s"}, caller=CHICAGO).status == 403
    assert act(api, order, "receive", came, caller=CHICAGO).status == 200
    elsewhere = transfer(api, "T-2", location_id="NYC").json
    assert act(api, elsewhere, "receive", came, caller=CHICAGO).status == 403
    path = f"/transfers/{elsewhere['id']}"
    assert api.call("GET", path, caller=CHICAGO).status == 404
    where = {"location_id": "NYC"}
    assert api.call("GET", "/transfers", query=where, caller=CHICAGO).status == 403


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"location_id": "MARS"}, "location_id"),
        ({"from_location_id": "MARS"}, "from_location_id"),
        ({"from_location_id": "CHI"}, "from_location_id"),
        ({"from_location_id": "A/B"}, "from_location_id"),
        ({"reference": " "}, "reference"),
        ({"lines": []}, "lines"),
        ({"lines": [{"sku": "MUG", "quantity": 0}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "MUG", "quantity": 1}, {"sku": "\x07", "quantity": 1}]}, "lines.1.sku"),
        ({"more": 1}, "more"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused_by_its_field(
    api: Backend, changes: dict[str, Any], field: str
) -> None:
    reply = transfer(api, **changes)
    assert (reply.status, reply.json["errors"][0]["field"]) == (400, field)


def test_more_damaged_than_came_is_refused(api: Backend) -> None:
    order = transfer(api).json
    rows = [{"sku": "MUG", "quantity": 1, "damaged": 2}]
    assert act(api, order, "receive", {"request_id": "r", "lines": rows}).status == 400
    assert act(api, order, "burn").status == 404


def test_an_order_of_many_skus_is_moved_in_parts(api: Backend) -> None:
    lines = [{"sku": f"S{n:04}", "quantity": 1} for n in range(35)]
    order = transfer(api, lines=lines).json
    left = act(api, order, "ship", {"request_id": "s", "anyway": True})
    assert left.status == 200
    assert {one["shipped"] for one in left.json["lines"]} == {1}
    assert on_hand(api, "S0034") == {"RENO": -1}


def test_ids_do_not_run_together() -> None:
    made = {
        supply_id(SupplyKind.TRANSFER, *parts)
        for parts in (("a", "b", "c"), ("ab", "", "c"), ("a", "bc", ""), ("b", "a", "c"))
    }
    assert len(made) == 4


def test_the_day_on_which_it_should_come_moves(api: Backend) -> None:
    order = transfer(api).json
    path = f"/transfers/{order['id']}"
    moved = api.call("PATCH", path, {"expected_on": "2026-12-24"})
    assert (moved.status, moved.json["expected_on"]) == (200, "2026-12-24")
    assert api.call("PATCH", path, {"expected_on": None}).json["expected_on"] is None
    for wrong in ({}, {"expected_on": "soon"}, {"expected_on": "2026-12-24", "units": 1}):
        assert api.call("PATCH", path, wrong).status == 400
    away = Identity("nyc", frozenset({"inventory:write"}), frozenset({"NYC"}))
    assert api.call("PATCH", path, {"expected_on": None}, caller=away).status in (403, 404)
    other = f"/purchase-orders/{order['id']}"
    assert api.call("PATCH", other, {"expected_on": None}).status == 404
