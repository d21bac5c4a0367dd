"""Forged, repeated, reordered and broken webhooks: one order each, or none."""

from __future__ import annotations

import json
import uuid
from functools import partial
from typing import Any

import pytest
from support.asking import assert_problem, together, units_by_bucket, until
from support.shopify_bodies import at_second, cancelled, shopify_order
from support.world import MIAMI, World

from tools.client import signature

pytestmark = pytest.mark.e2e


def test_a_wrong_signature_is_refused_and_stores_nothing(stack: dict[str, Any]) -> None:
    # GIVEN stock that the order would take
    world = World(stack)
    place = world.location("SHOP")
    world.stock(world.sku(), {place: 5})
    forged, honest = shopify_order((world.sku(), 1)), shopify_order((world.sku(), 1))
    webhook_id = str(uuid.uuid4())

    # WHEN somebody signs with a secret of his own, or not at all
    for signed in ("Zm9yZ2Vk", "", "A" * 43 + "="):
        answer = world.shop.deliver("orders/create", forged, webhook_id, signed=signed)
        assert_problem(answer, 401)
    # OR changes one byte after signing
    raw = json.dumps(forged).encode()
    mine = signature(world.shop.secret, raw)
    answer = world.shop.deliver("orders/create", raw + b"\n", webhook_id, signed=mine)
    assert_problem(answer, 401)

    # THEN nothing of it is there when an honest order, sent later, has long been allocated
    world.deliver(honest)
    world.settled(honest, "allocated")
    assert world.find(forged) == []
    assert world.back.inbox_keys(webhook_id) == []
    assert world.position(world.sku(), place)["reserved"] == 1


def test_the_same_webhook_five_times_in_parallel_makes_one_order(stack: dict[str, Any]) -> None:
    world = World(stack)
    place = world.location("SHOP")
    world.stock(world.sku(), {place: 50})
    body, webhook_id = shopify_order((world.sku(), 3)), str(uuid.uuid4())

    # WHEN Shopify repeats itself
    together([partial(world.deliver, body, webhook_id=webhook_id)] * 5)
    order = world.settled(body, "allocated")

    # THEN each copy was answered 200 and counted once
    witness = world.placed((world.sku(), 1))  # what was sent later has been handled: so were they
    world.settled(witness, "allocated")
    assert len(world.find(body)) == 1
    assert len(world.order(body)["fulfillment_orders"]) == len(order["fulfillment_orders"]) == 1
    assert world.position(world.sku(), place)["reserved"] == 4
    world.assert_ledger_sums_up(world.sku(), place)


def test_an_update_that_comes_before_its_order_makes_one_order_in_the_latest_state(
    stack: dict[str, Any],
) -> None:
    # GIVEN an order whose customer moved from Seattle to Miami five seconds after placing it
    world = World(stack)
    seattle, miami = world.location("SEATTLE"), world.location("MIAMI", MIAMI)
    world.stock(world.sku(), {seattle: 5, miami: 5})
    created = shopify_order((world.sku(), 1))
    address = {
        **created["shipping_address"],
        "city": "Miami",
        "zip": "33133",
        "province": "Florida",
        "province_code": "FL",
        "latitude": MIAMI[0],
        "longitude": MIAMI[1],
    }

    # WHEN orders/updated arrives first and orders/create late
    world.deliver(at_second(created, 5, shipping_address=address), "orders/updated")
    world.settled(created, "allocated")
    world.deliver(created, "orders/create")
    witness = world.placed((world.sku(), 1))
    world.settled(witness, "allocated")

    # THEN there is one order and it goes to Miami
    order = world.settled(created, "allocated")
    assert [work["location_id"] for work in order["fulfillment_orders"]] == [miami]
    assert world.position(world.sku(), seattle)["reserved"] == 1  # the witness's


def test_a_late_create_does_not_bring_a_cancelled_order_back(stack: dict[str, Any]) -> None:
    world = World(stack)
    place = world.location("SHOP")
    world.stock(world.sku(), {place: 2})
    body = shopify_order((world.sku(), 1))

    world.deliver(cancelled(body), "orders/cancelled")
    world.settled(body, "cancelled")
    world.deliver(body, "orders/create")
    world.settled(world.placed((world.sku(), 1)), "allocated")

    order = world.settled(body, "cancelled", cancelled=1)
    assert order["fulfillment_orders"] == []
    assert world.position(world.sku(), place)["reserved"] == 1


def test_a_poison_message_is_parked_with_its_reason_and_its_neighbours_go_on(
    stack: dict[str, Any],
) -> None:
    # GIVEN nine good orders and one that can never be understood
    world = World(stack)
    place = world.location("SHOP")
    world.stock(world.sku(), {place: 20})
    poison, poison_id = shopify_order((world.sku(), 1)), str(uuid.uuid4())
    poison["line_items"] = "none"
    orders = [shopify_order((world.sku(), 1)) for _ in range(9)]

    # WHEN they arrive together
    calls = [partial(world.deliver, body) for body in orders]
    calls.insert(4, partial(world.deliver, poison, webhook_id=poison_id))
    together(calls)

    # THEN the nine are allocated, and the tenth lies where ops can see why and send it again
    for body in orders:
        assert units_by_bucket(world.settled(body, "allocated")) == {"allocated": 1}
    parked = until(lambda: world.back.parked(poison_id), lambda found: bool(found))
    assert len(parked) == 1
    assert "line_items" in json.dumps(parked[0])
    assert world.find(poison) == []
    assert world.back.dead_letters() == {}
