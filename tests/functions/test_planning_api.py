"""Forecasts over HTTP, and policies of safety stock: described, listed, gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from dom.api.identity import Identity
from dom.aws.expectation_store import DynamoExpectationStore
from dom.forecast.safety import cover
from dom.model.expectation import Expectation, Expected
from dom.model.ids import LocationId, Sku
from dom.planning.learn import forecast_of
from support.api import Backend, backend

SKU = Sku("MUG BLUE/1 50%")
RENO = Expected(2.5, 6.25, 90, 19.0)
KNOWN = Expectation(
    SKU,
    date(2026, 11, 27),
    "smooth",
    "ses 0.1",
    Expected(4.0, 9.0, 90, 19.0),
    {"US-CA": Expected(3.0, 7.0, 90, 19.0)},
    {LocationId("RENO"): RENO, LocationId("GONE"): Expected(0.1, 0.1, 9)},
)
POLICY = {
    "level": 0.98,
    "lead_days": 7,
    "least": 1,
    "most": 40,
    "categories": ["kitchen"],
    "location_ids": ["RENO"],
    "why": "week of supply",
}
PATH = "/safety-stock/kitchen"


@pytest.fixture
def api() -> Iterator[Backend]:
    with backend() as made:
        made.put_location("RENO")
        store = DynamoExpectationStore(made.dynamodb, made.environment["INVENTORY_TABLE"])
        assert store.save(KNOWN)
        yield made


def forecast(api: Backend, sku: str = SKU, **rest: Any) -> Any:
    return api.call("GET", f"/forecasts/{quote(sku, safe='')}", **rest)


def test_a_forecast_is_shown_with_the_safety_stock_that_policies_ask_for(api: Backend) -> None:
    told = forecast(api)
    assert told.status == 200
    assert told.json == {
        "sku": SKU,
        "until": "2026-11-27",
        "kind": "smooth",
        "method": "ses 0.1",
        "network": {"velocity": 4.0, "variance": 9.0, "days": 90},
        "regions": {"US-CA": {"velocity": 3.0, "variance": 7.0, "days": 90}},
        "locations": {
            "GONE": {"velocity": 0.1, "variance": 0.1, "days": 9},
            "RENO": {"velocity": 2.5, "variance": 6.25, "days": 90},
        },
    }
    # WHEN a policy is for the SKU's category
    product = f"/products/{quote(SKU, safe='')}"
    assert api.call("PUT", PATH, POLICY).status == 200
    assert "safety_stock" not in forecast(api).json["locations"]["RENO"]
    assert api.call("PUT", product, {"category": "kitchen"}).status == 200
    # THEN it is suggested where that policy is
    kept = cover(forecast_of(RENO), 0.98, 7).safety
    shown = forecast(api).json["locations"]
    assert shown["RENO"]["safety_stock"] == kept > 0 and "safety_stock" not in shown["GONE"]


def test_what_nobody_ordered_has_no_forecast_and_a_scope_is_needed(api: Backend) -> None:
    assert forecast(api, "HAT").status == 404
    stranger = Identity("x", frozenset({"promise:read"}))
    assert forecast(api, caller=stranger).status == 403


def test_a_policy_is_described_listed_and_removed(api: Backend) -> None:
    made = api.call("PUT", PATH, POLICY).json
    assert made == {
        "policy_id": "kitchen",
        "lead_variance": 0.0,
        "skus": [],
        "groups": [],
        "location_types": [],
        "version": 1,
        **POLICY,
    }
    assert api.call("PUT", PATH, POLICY).json["version"] == 1
    assert api.call("PUT", PATH, {**POLICY, "level": 0.9}).json["version"] == 2
    assert api.call("GET", "/safety-stock").json["policies"] == [api.call("GET", PATH).json]
    assert api.call("GET", "/controls").json == {"controls": []}
    assert api.call("DELETE", PATH).status == 200
    assert api.call("DELETE", PATH).status == api.call("GET", PATH).status == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"level": 1}, "level"),
        ({"level": 0.4}, "level"),
        ({"level": None}, "level"),
        ({"lead_days": 0}, "lead_days"),
        ({"lead_variance": -1}, "lead_variance"),
        ({"least": -1}, "least"),
        ({"least": 1.5}, "least"),
        ({"least": 41}, "body"),
        ({"location_ids": ["a/b"]}, "location_ids.0"),
        ({"location_types": ["shed"]}, "location_types.0"),
        ({"levle": 0.9}, "levle"),
    ],
)
def test_what_cannot_be_a_policy_is_named(api: Backend, change: dict[str, Any], field: str) -> None:
    reply = api.call("PUT", PATH, {**POLICY, **change})
    assert reply.status == 400
    assert [one["field"] for one in reply.json["errors"]] == [field]


def test_a_token_with_locations_describes_none(api: Backend) -> None:
    store = Identity("s", frozenset({"controls:write", "controls:read"}), frozenset({"RENO"}))
    assert api.call("PUT", PATH, POLICY, caller=store).status == 403
    assert api.call("GET", "/safety-stock", caller=store).json == {"policies": []}
