"""Returns over HTTP: asked for, decided, received, inspected; and every way to be refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from dom.api.identity import Identity
from dom.model.money import Money
from dom.model.order import Bucket
from support.api import Backend, backend
from support.builders import line, order
from support.http import Reply

STORE = frozenset({"returns:read", "returns:write", "returns:handle"})
RENO = Identity("reno", STORE, frozenset({"RENO"}))
BOSTON = Identity("boston", STORE, frozenset({"BOSTON"}))
SHOP = Identity("shop", frozenset({"returns:write"}))
RETURNS = {"capabilities": ["ship", "returns"]}


@pytest.fixture
def api() -> Iterator[Backend]:
    """An order of three mugs at 15.00 USD, delivered just now, and two places that take returns."""
    with backend() as made:
        for name in ("RENO", "BOSTON"):
            made.put_location(name, **RETURNS)
        made.call("PUT", "/inventory/RENO/MUG", {"on_hand": 5})
        bought = line("1", quantity=3, buckets={Bucket.DELIVERED: 3}, tax=Money(301, "USD"))
        made.commit(orders=(replace(order("ord_a", bought, version=0), placed_at=_now()),))
        yield made


def _now() -> Any:
    from dom.model.clock import system_clock

    return system_clock()


def of_order(api: Backend) -> Any:
    return api.call("GET", "/returns", query={"order_id": "ord_a"}).json["returns"]


def ask(api: Backend, quantity: int = 2, key: str = "", **changes: Any) -> Reply:
    body = {
        "order_id": "ord_a",
        "lines": [{"line_id": "1", "quantity": quantity, "reason": "size_too_small"}],
        "method": "store",
        "outcome": "refund",
        "location_id": "RENO",
        **changes,
    }
    headers = {"Idempotency-Key": key} if key else {}
    return api.call("POST", "/returns", body, headers=headers)


def receive(api: Backend, quantity: int, caller: Identity | None = None, **more: Any) -> Reply:
    units = [{"line_id": "1", "quantity": quantity}] if quantity else []
    rest = {"caller": caller} if caller else {}
    body = {"location_id": "RENO", "lines": units, **more}
    return api.call("POST", "/returns/ord_a-R1/receive", body, **rest)


def inspect(api: Backend, quantity: int, condition: str = "new", **more: Any) -> Reply:
    found = [{"line_id": "1", "quantity": quantity, "condition": condition}]
    return api.call("POST", "/returns/ord_a-R1/inspect", {"lines": found, **more})


def test_a_return_is_decided_at_once_and_says_where_it_goes(api: Backend) -> None:
    answer = ask(api)
    assert answer.status == 201
    assert (answer.json["return_id"], answer.json["status"]) == ("ord_a-R1", "approved")
    assert answer.json["decision"]["verdict"] == "approved"
    assert answer.json["destination"]["location_id"] in {"RENO", "BOSTON"}
    assert answer.json["label_url"] is None
    assert api.call("GET", "/returns/ord_a-R1").json == answer.json
    assert of_order(api) == [answer.json]


def test_what_is_inspected_as_new_is_in_stock_and_its_refund_is_exact(api: Backend) -> None:
    ask(api)
    assert receive(api, 2).json["status"] == "received"
    answer = inspect(api, 2)
    assert answer.json["status"] == "disposed"
    assert [one["disposition"] for one in answer.json["dispositions"]] == ["restock"]
    # Two of three mugs at 15.00 and 2/3 of 3.01 tax, the odd cent with the first.
    assert answer.json["refund"] == {"amount": 3000 + 201, "currency": "USD"}
    stock = api.call("GET", "/inventory/MUG").json["positions"][0]
    assert (stock["on_hand"], stock["available"]) == (7, 7)
    shown = api.call("GET", "/orders/ord_a").json
    assert shown["lines"][0]["buckets"] == {"delivered": 1, "returned": 2}
    assert shown["returns"] == [{"return_id": "ord_a-R1", "status": "disposed"}]
    assert {one["return_id"] for one in shown["timeline"]} == {"ord_a-R1"}


def test_damaged_goods_never_add_to_what_can_be_sold(api: Backend) -> None:
    ask(api)
    receive(api, 2)
    answer = inspect(api, 1, "fair")
    assert answer.json["dispositions"][0]["disposition"] == "liquidate"
    assert inspect(api, 1, "damaged").json["dispositions"][1]["disposition"] == "dispose"
    mug = api.call("GET", "/inventory/MUG").json["positions"][0]
    held = api.call("GET", "/inventory/MUG~liquidate").json["positions"][0]
    assert (mug["on_hand"], mug["available"]) == (5, 5)
    assert (held["on_hand"], held["unsellable"], held["available"]) == (1, 1, 0)


def test_a_repeat_with_the_same_key_is_the_same_return(api: Backend) -> None:
    first = ask(api, 1, key="r1")
    assert ask(api, 1, key="r1").json == first.json
    assert len(of_order(api)) == 1
    receive(api, 1, request_id="x")
    assert receive(api, 1, request_id="x").json["lines"][0]["received"] == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lines": [{"line_id": "9", "quantity": 1}]}, "lines.0.line_id"),
        ({"lines": [{"line_id": "1", "quantity": 4}]}, "lines.0.quantity"),
        ({"lines": [{"line_id": "1", "quantity": 1, "reason": "mood"}]}, "lines.0.reason"),
        ({"lines": []}, "lines"),
        ({"method": "pigeon"}, "method"),
    ],
)
def test_a_request_that_cannot_be_is_refused_by_field(
    api: Backend, changes: dict[str, Any], field: str
) -> None:
    answer = ask(api, **changes)
    assert (answer.status, answer.json["errors"][0]["field"]) == (400, field)
    assert of_order(api) == []


def test_units_can_be_returned_once(api: Backend) -> None:
    ask(api, 2)
    answer = ask(api, 2)
    assert (answer.status, answer.json["errors"][0]["field"]) == (400, "lines.0.quantity")
    assert api.call("POST", "/returns/ord_a-R1/cancel", {"reason": "kept"}).status == 200
    assert ask(api, 3).json["return_id"] == "ord_a-R2"


def test_steps_that_are_not_legal_are_conflicts(api: Backend) -> None:
    ask(api, 1)
    assert (inspect(api, 1).status, inspect(api, 1).json["found"]) == (409, "approved")
    receive(api, 1)
    assert api.call("POST", "/returns/ord_a-R1/cancel", {}).status == 409
    assert (receive(api, 1).status, receive(api, 1).json["errors"][0]["field"]) == (
        400,
        "lines.0.quantity",
    )
    inspect(api, 1)
    assert receive(api, 1).status == 409
    assert api.call("POST", "/returns/ord_a-R1/explode", {}).status == 404


def test_a_parcel_that_comes_after_the_end_is_received_and_a_repeat_is_refused(
    api: Backend,
) -> None:
    ask(api, 1)
    assert api.call("POST", "/returns/ord_a-R1/cancel", {}).json["status"] == "cancelled"
    late = receive(api, 1)
    assert (late.json["status"], late.json["lines"][0]["not_sent"]) == ("received", 0)
    assert receive(api, 1).status == 400
    assert inspect(api, 1).json["refund"]["amount"] > 0


def test_a_label_is_asked_for_again_by_whoever_may_approve(api: Backend) -> None:
    ask(api, 1)
    path = "/returns/ord_a-R1/retry-label"
    assert api.call("POST", path, {"reason": "mended"}, caller=SHOP).status == 403
    answer = api.call("POST", path, {"reason": "mended"})
    assert (answer.status, answer.json["timeline"][-1]["type"]) == (200, "ReturnLabelRetried")
    assert (answer.json["carrier"], answer.json["label_cost"]) == ("", None)
    receive(api, 1)
    assert api.call("POST", path, {}).status == 409


def test_an_override_needs_more_than_a_shop_may(api: Backend) -> None:
    body = {
        "order_id": "ord_a",
        "lines": [{"line_id": "1", "quantity": 1}],
        "override": {"reason": "regular customer"},
    }
    assert api.call("POST", "/returns", body, caller=SHOP).status == 403
    answer = api.call("POST", "/returns", body)
    assert answer.json["decision"]["reason"] == "regular customer"
    assert answer.json["decision"]["by"]


def test_a_store_receives_at_its_own_place_only(api: Backend) -> None:
    ask(api, 1)
    assert receive(api, 1, BOSTON).status == 403
    assert receive(api, 1, RENO).status == 200
    assert api.call("GET", "/returns/ord_a-R1", caller=BOSTON).status == 404
    assert api.call("GET", "/returns/ord_a-R1", caller=RENO).status == 200
    listed = api.call("GET", "/returns", query={"status": "received"}, caller=RENO).json["returns"]
    assert [one["return_id"] for one in listed] == ["ord_a-R1"]


def test_what_is_missing_is_not_paid_and_can_be_asked_for_again(api: Backend) -> None:
    ask(api, 2)
    receive(api, 1, missing=[{"line_id": "1", "quantity": 1}])
    answer = inspect(api, 1)
    assert (answer.json["status"], answer.json["refund"]["amount"]) == ("disposed", 1500 + 101)
    assert ask(api, 2).status == 201


@pytest.mark.parametrize("name", ["ord_a-R9", "ord_a", "x-R1", "ord_a-R", "%00"])
def test_what_is_not_there_is_not_found(api: Backend, name: str) -> None:
    assert api.call("GET", f"/returns/{name}").status == 404


def test_what_people_write_is_shown_and_sealed_and_gone_with_the_customer(api: Backend) -> None:
    line = {"line_id": "1", "quantity": 2, "reason": "unwanted", "note": "call Ada"}
    assert ask(api, lines=[line]).json["lines"][0]["note"] == "call Ada"
    other = {"sku": "HAT", "quantity": 1, "note": "Ada's own"}
    received = receive(api, 1, unexpected=[other])
    assert received.json["unexpected"] == [other]
    # WHEN the other one comes, nobody seals what is sealed
    seen = receive(api, 1).json
    assert (seen["lines"][0]["note"], seen["unexpected"]) == ("call Ada", [other])
    stored = api.dynamodb.scan(TableName=api.environment["ORDERS_TABLE"])["Items"]
    assert "Ada" not in str(stored)
    # AND what a backup holds says nothing without the key
    api.dynamodb.delete_item(
        TableName=api.environment["KEYS_TABLE"], Key={"order_id": {"S": "ord_a"}}
    )
    gone = api.call("GET", "/returns/ord_a-R1").json
    assert (gone["lines"][0]["note"], gone["unexpected"][0]["note"]) == ("", "")


def test_a_photo_is_uploaded_by_a_signed_form_and_shown_by_a_link(api: Backend) -> None:
    made = api.call("POST", "/return-photos", {"content_type": "image/png"})
    assert made.status == 201 and made.json["key"].endswith(".png")
    assert made.json["fields"]["Content-Type"] == "image/png"
    lines = [{"line_id": "1", "quantity": 1, "photos": [made.json["key"]]}]
    shown = ask(api, lines=lines).json["lines"][0]["photos"]
    assert made.json["key"] in shown[0] and "Expires" in shown[0]
    assert api.call("POST", "/return-photos", {"content_type": "text/html"}).status == 400


@pytest.mark.parametrize("key", ["", "photos/../x", "inbound/1", "photos/" + "0" * 32 + ".svg"])
def test_a_photo_that_is_not_one_of_ours_is_refused(api: Backend, key: str) -> None:
    answer = ask(api, lines=[{"line_id": "1", "quantity": 1, "photos": [key]}])
    assert (answer.status, answer.json["errors"][0]["field"]) == (400, "lines.0.photos.0")


def test_reasons_are_shown_by_goods_and_month(api: Backend) -> None:
    ask(api, 2)
    receive(api, 2)
    inspect(api, 2, "damaged")
    shown = api.call("GET", "/return-signals", query={"sku": "MUG"}).json
    assert (shown["units"], shown["reasons"], shown["conditions"], shown["fault_percent"]) == (
        2,
        {"size_too_small": 2},
        {"damaged": 2},
        0.0,
    )
    for query in ({}, {"sku": "MUG", "location_id": "RENO"}, {"sku": "MUG", "month": "March"}):
        assert api.call("GET", "/return-signals", query=query).status == 400
    elsewhere = {"location_id": "BOSTON"}
    assert api.call("GET", "/return-signals", query=elsewhere, caller=RENO).status == 403
    none = api.call("GET", "/return-signals", query={"sku": "X", "month": "2020-01"}).json
    assert (none["units"], none["fault_percent"]) == (0, None)
