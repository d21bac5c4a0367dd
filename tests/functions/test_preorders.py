"""A product that is sold ahead, from the order to the day of its release, over the functions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dom.aws import keys
from dom.aws.dynamo import marshal
from dom.aws.inventory_stream import released_skus
from dom.aws.line_store import LineStore
from dom.aws.queues import Queue
from dom.model.ids import Sku
from support.api import Backend, backend
from support.builders import line, order
from support.functions import load_function
from support.http import LambdaContext

TODAY = datetime.now(UTC).date()
DAY = TODAY + timedelta(days=20)
CART = {"lines": [{"sku": "GAME", "quantity": 1}], "destination": {"country_code": "US"}}


@pytest.fixture
def api() -> Iterator[Backend]:
    """Games in Reno, some weeks before anybody may have one."""
    with backend() as made:
        made.put_location("RENO")
        made.call("PUT", "/inventory/RENO/GAME", {"on_hand": 5})
        document = {**keys.availability("GAME"), "sku": "GAME", "version": 1}
        document["locations"] = {"RENO": 5}  # type: ignore[assignment]
        table = made.environment["INVENTORY_TABLE"]
        made.dynamodb.put_item(TableName=table, Item=marshal(document))
        releases(made, DAY.isoformat())
        yield made


def releases(api: Backend, day: str | None) -> None:
    body = {"releases_on": day, "preorder_limit": 3}
    found = api.call("PUT", "/products/GAME", body)
    assert (found.status, found.json["releases_on"]) == (200, day)


def run(name: str, message: dict[str, str]) -> None:
    event = {"Records": [{"messageId": "1", "body": json.dumps(message)}]}
    answer: Any = load_function(name).handler(event, LambdaContext())
    assert answer == {"batchItemFailures": []}


def seen(api: Backend) -> Any:
    return api.call("GET", "/orders/ord_a").json


def placed(api: Backend) -> Any:
    api.commit(orders=(order("ord_a", line("1", "GAME", 2), version=0),))
    run("order_routing", {"order_id": "ord_a"})
    return seen(api)


def test_an_order_waits_for_the_release_and_is_routed_on_it(api: Backend) -> None:
    assert placed(api)["lines"][0]["buckets"] == {"preordered": 2}
    assert not seen(api)["fulfillment_orders"]
    # WHEN its line is looked along
    run("order_changes", {"waits_for": "GAME"})
    # THEN its customer knows the day
    (group,) = seen(api)["ship_groups"]
    assert (group["expected_on"], group.get("expected_from")) == (DAY.isoformat(), None)
    (moved,) = (one for one in seen(api)["timeline"] if one["type"] == "PromiseMoved")
    assert moved["data"]["reason"] == "release" and moved["data"]["new"] > DAY.isoformat()
    # AND two of the three that may be sold ahead are sold
    found = api.call("GET", "/availability/GAME", query={"channel": "shopify"}).json
    assert (found["ats"], found["backorder"]) == (0, 1)
    assert found["later"] == [{"day": DAY.isoformat(), "ats": 3}]
    (option,) = api.call("POST", "/promise", CART).json["options"]
    assert option["available_on"] == DAY.isoformat() <= option["ships_by"]
    # WHEN it may leave now, and the line is looked along and swept
    releases(api, (TODAY - timedelta(days=1)).isoformat())
    run("order_changes", {"waits_for": "GAME"})
    run("order_routing", {"order_id": "ord_a"})
    assert seen(api)["lines"][0]["buckets"] == {"allocated": 2}
    # THEN nobody stands in line, and what is left is for sale
    assert not list(LineStore(api.dynamodb, api.environment["INVENTORY_TABLE"]).line(Sku("GAME")))
    assert api.call("GET", "/inventory/GAME").json["positions"][0]["reserved"] == 2


def test_preordered_units_can_be_cancelled(api: Backend) -> None:
    placed(api)
    one = {"lines": [{"line_id": "1", "quantity": 1}], "reason": "no"}
    assert api.call("POST", "/orders/ord_a/cancel", one).status == 200
    assert seen(api)["lines"][0]["buckets"] == {"preordered": 1, "cancelled": 1}
    held = api.call("POST", "/orders/ord_a/hold", {"reason": "wait"})
    assert (held.status, held.json["status"]) == (200, "held")
    assert api.call("POST", "/orders/ord_a/release", {"reason": "go"}).status == 200
    found = api.call("GET", "/availability/GAME", query={"channel": "shopify"}).json
    assert found["backorder"] == 2
    assert api.call("POST", "/orders/ord_a/cancel", {"reason": "no"}).json["status"] == "cancelled"


def test_a_cart_holds_nothing_before_the_release(api: Backend) -> None:
    body = {"lines": [{"sku": "GAME", "quantity": 1}], "ttl_seconds": 60}
    assert api.call("POST", "/reservations", body).status == 409
    releases(api, None)
    assert api.call("POST", "/reservations", body).status == 201


def test_who_does_not_know_of_releases_ends_none(api: Backend) -> None:
    def described(body: dict[str, object]) -> tuple[int, object, object]:
        found = api.call("PUT", "/products/GAME", body).json
        return found["grams"], found["releases_on"], found["preorder_limit"]

    day = DAY.isoformat()
    assert described({"grams": 400}) == (400, day, 3)
    assert described({"grams": 400, "preorder_limit": 0}) == (400, day, 0)
    assert described({"preorder_limit": 7}) == (0, day, 7)
    assert described({"releases_on": None}) == (0, None, 7)
    assert described({"releases_on": day, "preorder_limit": None}) == (0, day, 0)
    assert described({}) == (0, day, 0)


BAD: list[dict[str, object]] = [
    *({"releases_on": text} for text in ("soon", "0001-01-01", "9999-12-31")),
    {"preorder_limit": -1},
]


@pytest.mark.parametrize("wrong", BAD)
def test_a_release_that_cannot_be_is_refused(api: Backend, wrong: dict[str, object]) -> None:
    assert api.call("PUT", "/products/GAME", wrong).status == 400


def test_whoever_waits_is_looked_at_when_the_release_moves(
    api: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = list[tuple[str, list[str]]]()

    def send_ids(queue: Queue, name: str, ids: list[str], delay: timedelta) -> list[str]:
        sent.append((name, ids))
        return []

    monkeypatch.setattr(Queue, "send_ids", send_ids)
    monkeypatch.setenv("CHANGES_QUEUE_URL", "changes")
    placed(api)
    table, key = api.environment["INVENTORY_TABLE"], marshal(keys.product("GAME"))
    before = api.dynamodb.get_item(TableName=table, Key=key)["Item"]
    releases(api, None)
    after = api.dynamodb.get_item(TableName=table, Key=key)["Item"]

    def record(old: Any, new: Any) -> Any:
        change = {"Keys": key, "OldImage": old, "NewImage": new, "SequenceNumber": "1"}
        return {"eventName": "MODIFY", "dynamodb": change}

    event = {"Records": [record(before, after)]}
    answer = load_function("availability_projector").handler(event, LambdaContext())
    assert (answer, sent) == ({"batchItemFailures": []}, [("waits_for", ["GAME"])])
    # What the night learns of a product is no news to those who wait.
    learnt = {**before, "daily_demand": {"N": "3"}}
    assert released_skus([record(before, learnt)]) == set()
