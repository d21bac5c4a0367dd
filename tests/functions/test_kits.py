"""Kits over HTTP and through the functions, on tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from dom.aws import keys
from dom.aws.availability_store import DynamoAvailabilityStore
from dom.aws.codec import to_plain
from dom.aws.dynamo import marshal
from dom.aws.inventory_stream import remade_skus
from dom.aws.product_store import DynamoProductStore
from dom.inventory.project import project
from dom.model.ids import LocationId, Sku
from dom.model.product import Product
from dom.network.put_product import put_product
from support.api import Backend, backend
from support.kits import kit

SET: dict[str, Any] = {"components": [{"sku": "POT", "quantity": 1}, {"sku": "CUP", "quantity": 4}]}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    with backend() as made:
        queue = made.sqs.create_queue(QueueName="stock")["QueueUrl"]
        monkeypatch.setenv("STOCK_QUEUE_URL", queue)
        yield made


def products(api: Backend) -> DynamoProductStore:
    return DynamoProductStore(api.dynamodb, api.environment["INVENTORY_TABLE"])


def test_a_kit_is_stored_with_its_components_in_one_step(api: Backend) -> None:
    api.call("PUT", "/products/CUP", {"grams": 200})
    stored = api.call("PUT", "/products/TEA%2FSET", SET)
    assert (stored.status, stored.json["components"]) == (200, SET["components"])
    cup = api.call("GET", "/products/CUP").json
    assert (cup["part_of"], cup["grams"], cup["version"]) == (["TEA/SET"], 200, 2)
    assert api.call("GET", "/products/POT").json["part_of"] == ["TEA/SET"]
    assert api.call("PUT", "/products/TEA%2FSET", SET).json == stored.json
    # Who does not know of kits ends none.
    assert api.call("PUT", "/products/TEA%2FSET", {"grams": 7}).json["components"]
    api.call("PUT", "/products/TEA%2FSET", {"components": []})
    assert api.call("GET", "/products/CUP").json["part_of"] == []


@pytest.mark.parametrize(
    "components",
    [
        [{"sku": "POT", "quantity": 0}],
        [{"sku": "POT", "quantity": 1.5}],
        [{"sku": "", "quantity": 1}],
        [{"sku": "POT", "quantity": 1}, {"sku": " POT", "quantity": 1}],
        [{"sku": "SET", "quantity": 1}],
        [{"sku": f"P{n}", "quantity": 1} for n in range(11)],
        [{"sku": "PACK", "quantity": 1}],
    ],
)
def test_kits_that_cannot_be_are_refused(api: Backend, components: list[Any]) -> None:
    api.call("PUT", "/products/PACK", {"components": [{"sku": "MUG", "quantity": 6}]})
    assert api.call("PUT", "/products/SET", {"components": components}).status == 400
    assert api.call("GET", "/products/SET").status == 404


def test_who_describes_a_component_meanwhile_is_not_overwritten(api: Backend) -> None:
    store = products(api)
    put_product(Product(Sku("POT"), grams=900), store)
    stale = store.find("POT")
    assert stale
    put_product(Product(Sku("POT"), grams=950), store)
    change = Product(Sku("POT"), part_of=(Sku("SET"),), version=2)
    assert not store.save_all([(kit("SET", POT=1), None), (change, stale)])
    found = store.find("POT")
    assert (found.grams, found.part_of) == (950, ()) if found else False
    assert store.find("SET") is None


def test_controls_that_count_units_name_components(api: Backend) -> None:
    api.call("PUT", "/products/SET", SET)
    body = {
        "kind": "ring_fence",
        "units": 3,
        "skus": ["SET"],
        "channels": ["shopify"],
        "starts_at": "2026-03-01T00:00:00Z",
        "ends_at": "2026-04-01T00:00:00Z",
    }
    refused = api.call("PUT", "/controls/vip", body)
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, "skus")
    assert api.call("PUT", "/controls/vip", {**body, "skus": ["POT"]}).status == 200


def test_channels_are_told_of_what_is_made_of_something_else_now() -> None:
    def record(before: Product | None, after: Product) -> dict[str, Any]:
        images = {"OldImage": before, "NewImage": after}
        told = {name: marshal(to_plain(one)) for name, one in images.items() if one}
        return {"dynamodb": {"Keys": marshal(keys.product(after.sku)), **told}}

    plain, made = Product(Sku("SET")), kit("SET", POT=1)
    assert remade_skus([record(None, made)]) == remade_skus([record(made, plain)]) == {"SET"}
    assert remade_skus([record(plain, made), record(made, kit("SET", POT=2))]) == {"SET"}
    heavier = replace(made, grams=900, version=2)
    assert remade_skus([record(None, plain), record(made, heavier)]) == set()
    part = Product(Sku("POT"), part_of=(Sku("SET"),))
    assert remade_skus([record(Product(Sku("POT")), part)]) == set()


def test_a_cart_of_kits_is_promised_shown_and_held(api: Backend) -> None:
    api.call("PUT", "/products/SET", SET)
    api.put_location("RENO")
    store = DynamoAvailabilityStore(api.dynamodb, api.environment["INVENTORY_TABLE"])
    for sku, units in (("POT", 3), ("CUP", 11)):
        api.call("PUT", f"/inventory/RENO/{sku}", {"on_hand": units})
        project(Sku(sku), [LocationId("RENO")], store)
    found = api.call("GET", "/availability/SET", query={"channel": "shopify"}).json
    assert (found["ats"], found["later"], found["backorder"]) == (2, [], 0)
    to = {"postal_code": "95814", "country_code": "US"}
    lines = [{"sku": "SET", "quantity": 2}, {"sku": "CUP", "quantity": 3}]
    promise = api.call("POST", "/promise", {"lines": lines, "destination": to}).json
    assert promise["options"][0]["lines"] == [
        {"sku": "CUP", "quantity": 3},
        {"sku": "SET", "quantity": 2},
    ]
    body = {"lines": lines, "channel": "shopify"}
    cart = api.call("POST", "/reservations", body)
    assert cart.status == 201
    held = {one["sku"]: one["quantity"] for one in cart.json["lines"]}
    assert held == {"POT": 2, "CUP": 11}
    refused = api.call("POST", "/reservations", {**body, "lines": lines[:1]})
    assert (refused.status, refused.json["unavailable"]) == (409, [{"sku": "SET", "quantity": 2}])
