"""The rule set that is activated over HTTP is the one that orders and promises are decided by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from dom.aws import keys
from dom.aws.dynamo import marshal
from support.api import Backend, backend
from support.builders import line, order
from support.functions import load_function
from support.http import LambdaContext

BOSTON = {"latitude": 42.36, "longitude": -71.06, "country_code": "US"}
WITHOUT_RENO = "fences: {excluded: [RENO]}"
CART = {"lines": [{"sku": "MUG", "quantity": 1}], "destination": {"country_code": "US"}}


@pytest.fixture
def api() -> Iterator[Backend]:
    """A mug in Reno, which is near, and one in Boston, which is far."""
    with backend() as made:
        made.put_location("RENO")
        made.put_location("BOSTON", address=BOSTON)
        for place in ("RENO", "BOSTON"):
            made.call("PUT", f"/inventory/{place}/MUG", {"on_hand": 5})
        units = {"RENO": 5, "BOSTON": 5}
        document = {**keys.availability("MUG"), "sku": "MUG", "version": 1, "locations": units}
        made.dynamodb.put_item(
            TableName=made.environment["INVENTORY_TABLE"], Item=marshal(document)
        )
        yield made


def put(api: Backend, text: str) -> None:
    api.call("PUT", "/rulesets/peak", text, headers={"Content-Type": "application/yaml"})


def do(api: Backend, step: str, body: object = None) -> None:
    assert api.call("POST", f"/rulesets/peak/{step}", body).status == 200


def routed(api: Backend, order_id: str, function: ModuleType | None = None) -> Any:
    """The order as GET shows it, after a function that starts now has routed it."""
    api.commit(orders=(order(order_id, line("1"), version=0),))
    message = {"messageId": "1", "body": json.dumps({"order_id": order_id})}
    routing = function or load_function("order_routing")
    answer = routing.handler({"Records": [message]}, LambdaContext())
    assert answer == {"batchItemFailures": []}
    return api.call("GET", f"/orders/{order_id}").json


def places(order: Any) -> list[str]:
    return [work["location_id"] for work in order["fulfillment_orders"]]


def test_an_order_is_routed_by_the_version_that_is_active_and_names_it(api: Backend) -> None:
    assert places(routed(api, "ord_a")) == ["RENO"]
    put(api, WITHOUT_RENO)
    assert places(routed(api, "ord_b")) == ["RENO"]
    do(api, "activate")
    found = routed(api, "ord_c")
    assert places(found) == ["BOSTON"]
    assert found["decisions"][0]["rule_version"] == "peak-1"
    do(api, "revert")
    assert places(routed(api, "ord_d")) == ["RENO"]


def test_a_promise_is_made_by_the_version_that_routing_has(api: Backend) -> None:
    put(api, WITHOUT_RENO)
    do(api, "activate")
    options = api.call("POST", "/promise", {**CART, "channel": "shopify"}).json["options"]
    assert [one["location_ids"] for one in options if one["method"] == "ship"] == [["BOSTON"]]


def test_a_shadow_stands_beside_the_decision_and_moves_nothing(api: Backend) -> None:
    put(api, WITHOUT_RENO)
    do(api, "shadow")
    found = routed(api, "ord_a")
    assert places(found) == ["RENO"]
    (shadow,) = found["shadow_decisions"]
    assert (shadow["rule_version"], shadow["active_version"]) == ("peak-1", "default-1")
    assert (shadow["location_ids"], shadow["same"]) == (["BOSTON"], False)
    assert shadow["decision_id"] == found["decisions"][0]["id"]
    assert shadow["shadow"]["hours"] > shadow["active"]["hours"]
    do(api, "shadow", {"end": True})
    assert routed(api, "ord_b")["shadow_decisions"] == []


def test_a_version_that_cannot_be_read_stops_no_order_and_is_counted(
    api: Backend, capsys: pytest.CaptureFixture[str]
) -> None:
    put(api, WITHOUT_RENO)
    do(api, "activate")
    key = keys.rule_set_version("peak", 1)
    api.put_item("NETWORK_TABLE", {**key, "rules": '{"overlays": [{}]}'})
    found = routed(api, "ord_a")
    assert (places(found), found["decisions"][0]["rule_version"]) == (["RENO"], "default-1")
    assert '"RuleSetsUnreadable":[1.0]' in capsys.readouterr().out
