"""Orders over HTTP: taken in once, found and read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from dom.api.identity import Identity
from dom.model.decision import RoutingDecision
from dom.model.history import append
from dom.model.ids import OrderId, order_id_for
from support.api import Backend, backend
from support.bodies import ORDER
from support.builders import NOW, order, work
from support.http import Reply

SHOP = Identity("shop", frozenset({"orders:write", "orders:read"}))


@pytest.fixture
def api() -> Iterator[Backend]:
    with backend() as made:
        yield made


def post(api: Backend, body: object = ORDER, key: str = "k1", **rest: Any) -> Reply:
    headers = {"Idempotency-Key": key} if key else {}
    return api.call("POST", "/orders", body, headers=headers, **{"caller": SHOP, **rest})


def test_an_order_is_accepted_and_on_its_way(api: Backend) -> None:
    answer = post(api)
    order_id = order_id_for("webshop", "acme", "1001")
    assert (answer.status, answer.json) == (202, {"order_id": order_id, "status": "accepted"})
    (message,) = map(json.loads, api.messages())
    assert (message["channel"], message["account"]) == ("api", "acme")
    assert message["topic"] == "orders/create"
    assert json.loads(message["body"]) == ORDER


def test_the_same_key_and_payload_get_the_same_answer_and_the_same_delivery(api: Backend) -> None:
    # A repeat is sent again, since the first may have died on the way; ingest counts it once.
    answers = [post(api), post(api, json.dumps(ORDER, indent=4))]
    assert answers[0] == answers[1]
    deliveries = {json.loads(one)["delivery_id"] for one in api.messages()}
    assert len(deliveries) == 1


def test_the_same_key_and_another_payload_is_a_conflict_and_goes_nowhere(api: Backend) -> None:
    post(api)
    api.messages()
    refused = post(api, {**ORDER, "external_id": "1002"})
    assert (refused.status, refused.content_type) == (409, "application/problem+json")
    assert refused.json["type"] == "urn:dom:problem:idempotency-mismatch"
    assert api.messages() == []


def test_keys_belong_to_their_caller(api: Backend) -> None:
    post(api)
    other = Identity("other", frozenset({"*"}))
    assert post(api, {**ORDER, "external_id": "1002"}, caller=other).status == 202


def test_without_a_key_the_order_is_its_own(api: Backend) -> None:
    assert post(api, key="").status == 202
    assert post(api, {**ORDER, "external_id": "1002"}, key="").status == 202
    assert post(api, {**ORDER, "name": "changed"}, key="").status == 409


def test_a_queue_that_does_not_answer_is_told_and_the_retry_succeeds(api: Backend) -> None:
    # GIVEN the key claimed, and then no queue
    sender = api.functions["orders"]._door()[1]
    real, api.functions["orders"]._door = api.functions["orders"]._door, None
    try:
        broken = type(sender)(sender.sqs, sender.s3, "https://sqs/000000000000/gone", sender.bucket)
        keys = real()[0]
        api.functions["orders"]._door = lambda: (keys, broken)
        assert post(api).status == 503
    finally:
        api.functions["orders"]._door = real
    # WHEN / THEN
    assert post(api).status == 202
    assert len(api.messages()) == 1


def test_a_large_order_waits_in_the_bucket(api: Backend) -> None:
    big = json.loads(json.dumps(ORDER))
    big["name"] = "x" * 250_000
    assert post(api, big).status == 202
    (message,) = map(json.loads, api.messages())
    assert message["body_s3"].startswith("inbound/api/")


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("channel",), "", "channel"),
        (("channel",), "a#b", "channel"),
        (("external_id",), None, "external_id"),
        (("currency",), "dollars", "currency"),
        (("placed_at",), "2026-03-04T15:00:00", "placed_at"),
        (("ship_groups",), [], "ship_groups"),
        (("reservation_id",), "res_1", "reservation_id"),
        (("ship_groups", 0, "method"), "teleport", "ship_groups.0.method"),
        (("ship_groups", 0, "lines", 0, "quantity"), 0, "ship_groups.0.lines.0.quantity"),
        (
            ("ship_groups", 0, "lines", 0, "unit_price", "amount"),
            15.5,
            "ship_groups.0.lines.0.unit_price.amount",
        ),
        (
            ("ship_groups", 0, "lines", 0, "unit_price", "currency"),
            "EUR",
            "ship_groups.0.lines.0.unit_price.currency",
        ),
    ],
)
def test_what_is_wrong_with_an_order_is_named(
    api: Backend, path: tuple[str | int, ...], value: object, field: str
) -> None:
    body = json.loads(json.dumps(ORDER))
    place = body
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    refused = post(api, body)
    assert refused.status == 400
    assert refused.json["errors"][0]["field"] == field
    assert api.messages() == []


def test_placing_orders_needs_its_scope(api: Backend) -> None:
    reader = Identity("reader", frozenset({"orders:read"}))
    assert post(api, caller=reader).status == 403
    assert post(api, caller=None).status == 401
    assert api.messages() == []


def test_an_order_shows_its_work_decisions_and_timeline(api: Backend) -> None:
    placed = append((), NOW, "OrderPlaced", "channel:shopify")
    assigned = append((), NOW, "FulfillmentOrderAssigned", "routing")
    decision = RoutingDecision("d1", OrderId("ord_a"), "sg1", NOW, "1", 1, "allocated", "nearest")
    api.commit(
        orders=(order(version=0, history=placed),),
        fulfillment_orders=(work(version=0, history=assigned, distance_km=12.5),),
        decisions=(decision,),
    )
    shown = api.call("GET", "/orders/ord_a", caller=SHOP)
    assert shown.status == 200
    assert shown.json["fulfillment_orders"][0]["distance_km"] == 12.5
    assert shown.json["decisions"][0]["why"] == "nearest"
    assert [one["type"] for one in shown.json["timeline"]] == [
        "OrderPlaced",
        "FulfillmentOrderAssigned",
    ]
    found = api.call("GET", "/orders", query={"channel": "shopify", "external_id": "ord_a"})
    assert found.json == {"orders": [shown.json]}


def test_a_search_that_finds_nothing_is_an_empty_list(api: Backend) -> None:
    for query in (
        {"channel": "shopify", "external_id": "nope"},
        {"channel": "shopify", "external_id": "nope", "account": "acme"},
    ):
        found = api.call("GET", "/orders", query=query)
        assert (found.status, found.json) == (200, {"orders": []})


def test_an_id_with_the_separator_finds_no_other_channels_order(api: Backend) -> None:
    api.commit(orders=(order("ord_b", version=0),))
    found = api.call("GET", "/orders", query={"channel": "shopify#ord", "external_id": "b"})
    assert found.json == {"orders": []}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "channel"),
        ({"channel": "shopify"}, "external_id"),
        ({"channel": "", "external_id": "1"}, "channel"),
        ({"channel": "x" * 2000, "external_id": "1"}, "channel"),
    ],
)
def test_a_search_names_what_it_lacks(api: Backend, query: dict[str, str], field: str) -> None:
    refused = api.call("GET", "/orders", query=query)
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, field)


@pytest.mark.parametrize("order_id", ["ord_none", "%20", "PERSONAL", "..", "x" * 200])
def test_an_order_that_is_not_there_is_not_found(api: Backend, order_id: str) -> None:
    assert api.call("GET", f"/orders/{order_id}").status == 404


def test_a_stores_token_reads_no_orders_unless_it_says_so(api: Backend) -> None:
    store = Identity("store", frozenset({"fulfillments:write"}), frozenset({"RENO"}))
    assert api.call("GET", "/orders/ord_a", caller=store).status == 403
