"""Promises and availability over HTTP, on tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from dom.api.identity import Identity
from support.api import Backend, backend
from support.bodies import LOCATION

HOME = {"postal_code": "95814", "country_code": "US"}


@pytest.fixture(scope="module")
def api() -> Iterator[Backend]:
    with backend() as made:
        made.put_location("RENO")
        address = {**LOCATION["address"], "latitude": 42.36, "longitude": -71.06}
        made.put_location("BOSTON", address=address, capabilities=["ship"])
        yield made


def stock(api: Backend, sku: str, **units: int) -> None:
    for place, on_hand in units.items():
        path = f"/inventory/{place}/{quote(sku, safe='')}"
        assert api.call("PUT", path, {"on_hand": on_hand}).status == 200


def ask(api: Backend, *lines: tuple[str, int], **rest: Any) -> Any:
    wanted = [{"sku": sku, "quantity": quantity, "grams": 300} for sku, quantity in lines]
    body = {"lines": wanted, "destination": HOME, "channel": "shopify", **rest}
    return api.call("POST", "/promise", body)


def test_a_promise_has_the_fields_of_the_contract(api: Backend) -> None:
    stock(api, "MUG", RENO=2, BOSTON=5)
    found = ask(api, ("MUG", 2), ("GHOST", 1))
    assert found.status == 200
    assert found.json["unavailable"] == [{"sku": "GHOST", "quantity": 1}]
    option = found.json["options"][0]
    assert option["method"] == "ship"
    assert option["location_ids"] == ["RENO"]
    assert option["lines"] == [{"sku": "MUG", "quantity": 2}]
    assert option["cost"]["currency"] == "USD" and option["cost"]["amount"] > 0
    assert option["co2e_grams"] > 0
    assert option["ships_by"] < option["delivers_by"]


def test_a_store_that_hands_over_offers_pickup(api: Backend) -> None:
    stock(api, "CUP", RENO=1)
    methods = [option["method"] for option in ask(api, ("CUP", 1)).json["options"]]
    assert methods == ["ship", "pickup"]


@pytest.mark.parametrize("sku", ["PLATE", "PLATE BLUE/1", "50%/A%2FB"])
def test_availability_is_summed_over_locations(api: Backend, sku: str) -> None:
    stock(api, sku, RENO=2, BOSTON=5)
    found = api.call("GET", f"/availability/{quote(sku, safe='')}", query={"channel": "shopify"})
    assert found.status == 200
    known = {"sku": sku, "channel": "shopify", "ats": 7, "later": [], "backorder": 0}
    assert {**found.json, "as_of": ""} == {**known, "as_of": ""}


def test_availability_is_of_a_channel(api: Backend) -> None:
    refused = api.call("GET", "/availability/MUG")
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, "channel")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lines": []}, "lines"),
        ({"lines": [{"sku": "MUG", "quantity": 0}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "a\nb", "quantity": 1}]}, "lines.0.sku"),
        ({"destination": {"country_code": "USA"}}, "destination.country_code"),
        ({"destination": {"country_code": "US", "latitude": 1.0}}, "destination"),
    ],
)
def test_what_is_wrong_is_named(api: Backend, change: dict[str, Any], field: str) -> None:
    refused = ask(api, ("MUG", 1), **change)
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, field)


def test_promises_need_their_scope(api: Backend) -> None:
    other = Identity("other", frozenset({"inventory:read"}))
    query = {"channel": "shopify"}
    assert api.call("GET", "/availability/MUG", query=query, caller=other).status == 403
