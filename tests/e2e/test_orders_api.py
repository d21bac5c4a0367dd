"""POST /orders and the reads: idempotent, and wrong in a way that a caller can understand."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from support.asking import assert_problem, good, together
from support.world import Json, World

pytestmark = pytest.mark.e2e


def api_order(world: World, sku: str, units: int = 1, **changes: Any) -> Json:
    """A body of POST /orders: one line, shipped to Seattle."""
    return {
        "channel": "webshop",
        "account": "main",
        "external_id": f"W-{uuid.uuid4().hex[:10]}",
        "currency": "USD",
        "placed_at": "2026-11-22T15:00:00Z",
        "customer": {"email": f"buyer+{world.tag}@example.com", "name": "Ada Buyer"},
        "ship_groups": [
            {
                "method": "ship",
                "address": {
                    "address1": "1411 4th Avenue",
                    "city": "Seattle",
                    "province_code": "WA",
                    "postal_code": "98101",
                    "country_code": "US",
                    "latitude": 47.609,
                    "longitude": -122.336,
                },
                "lines": [
                    {
                        "line_id": "1",
                        "sku": sku,
                        "quantity": units,
                        "unit_price": {"amount": 1999, "currency": "USD"},
                    }
                ],
            }
        ],
        **changes,
    }


def test_an_order_by_api_is_taken_once_however_often_it_is_sent(stack: dict[str, Any]) -> None:
    world = World(stack)
    place = world.location("SHOP")
    world.stock(world.sku(), {place: 5})
    body, key = api_order(world, world.sku(), 2), str(uuid.uuid4())

    # WHEN a nervous client sends it four times at once and then once more
    answers = together([lambda: world.api.place_order(body, key)] * 4)
    answers.append(world.api.place_order(body, key))

    # THEN it always hears the same, and one order is there
    assert {answer.status for answer in answers} == {202}
    assert len({answer.body for answer in answers}) == 1
    assert answers[0].json["status"]
    order = world.settled(body, "allocated", channel="webshop")
    assert order["order_id"] == answers[0].json["order_id"]
    assert world.position(world.sku(), place)["reserved"] == 2


def test_an_idempotency_key_with_another_payload_is_a_conflict(stack: dict[str, Any]) -> None:
    world = World(stack)
    key = str(uuid.uuid4())
    assert good(world.api.place_order(api_order(world, world.sku()), key)).status == 202

    assert_problem(world.api.place_order(api_order(world, world.sku(), 7), key), 409)


def test_an_order_that_breaks_the_contract_is_refused_with_the_field(stack: dict[str, Any]) -> None:
    world = World(stack)
    body = api_order(world, world.sku())
    body["ship_groups"][0]["lines"][0]["quantity"] = -1

    answer = world.api.place_order(body, str(uuid.uuid4()))

    assert_problem(answer, 400)
    assert "quantity" in answer.body.decode()
    assert world.find(body, "webshop") == []


def test_errors_are_problem_documents(stack: dict[str, Any]) -> None:
    world = World(stack)
    assert_problem(world.api.order("ord_nosuchorder"), 404)
    assert_problem(world.api.put_stock(f"NOWHERE-{world.tag}", world.sku(), 1), 404)
    assert_problem(world.api.call("GET", "/locations/NO-SUCH-PLACE"), 404)
    assert_problem(world.api.act("ord_nosuchorder-1", "accept"), 404)
    assert_problem(world.api.put_location(f"BAD-{world.tag}", {"name": "only a name"}), 400)
    assert_problem(world.api.call("GET", "/orders"), 400)


def test_without_a_valid_token_nothing_is_answered(stack: dict[str, Any]) -> None:
    world = World(stack)
    for stranger in (world.nobody, type(world.api)(stack["api_url"], "not-a-token")):
        assert_problem(stranger.call("GET", "/locations"), 401)
        assert_problem(stranger.order("ord_x"), 401)


def test_orders_of_the_channel_are_found_by_its_own_id(stack: dict[str, Any]) -> None:
    world = World(stack)
    body = api_order(world, world.sku())
    order_id = good(world.api.place_order(body, str(uuid.uuid4()))).json["order_id"]
    world.settled(body, "open", channel="webshop", backordered=1)

    assert [order["order_id"] for order in world.find(body, "webshop")] == [order_id]
    assert good(world.api.find_order("webshop", "no-such-id")).json["orders"] == []
