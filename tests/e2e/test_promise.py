"""Promises and holds on the running stack: what is shown, what is kept, and the last unit."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from dom.aws.control_store import TTL_SECONDS
from dom.model.clock import system_clock, to_text
from support.asking import assert_problem, good, together, until
from support.shopify_bodies import shopify_order
from support.world import Json, World

from tools.client import Answer, path_of

pytestmark = pytest.mark.e2e
UNITS, CARTS = 5, 24
SEATTLE = {"postal_code": "98101", "country_code": "US", "latitude": 47.609, "longitude": -122.336}
STORE: Json = {"type": "store", "capabilities": ["ship", "pickup", "curbside", "same_day"]}


def hold(world: World, sku: str, units: int = 1, ttl_seconds: int = 600, key: str = "") -> Answer:
    """POST /reservations, again with the same key while the API asks to come back."""
    body = {
        "lines": [{"sku": sku, "quantity": units}],
        "channel": "shopify",
        "ttl_seconds": ttl_seconds,
    }
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return until(
        lambda: world.api.call("POST", "/reservations", body, headers), lambda one: one.status < 500
    )


def settle(world: World, made: Answer, action: str) -> Answer:
    """POST /reservations/{id}/{action}."""
    return world.api.call("POST", path_of("reservations", made.json["reservation_id"], action))


def ats(world: World, sku: str) -> int:
    """GET /availability/{sku}?channel=shopify."""
    path = path_of("availability", sku) + "?channel=shopify"
    return int(good(world.api.call("GET", path)).json["ats"])


def test_a_cart_is_shown_its_ways_and_what_is_missing(stack: dict[str, Any]) -> None:
    # GIVEN a store in the customer's town with three mugs
    world = World(stack)
    place, sku, ghost = world.location("TOWN", **STORE), world.sku(), world.sku("GHOST")
    world.stock(sku, {place: 3})
    # WHEN four are asked for
    lines = [{"sku": sku, "quantity": 2}, {"sku": ghost, "quantity": 1}]
    body = {"lines": lines, "destination": SEATTLE, "channel": "shopify"}
    found = good(world.api.call("POST", "/promise", body)).json
    # THEN each way names the store, a date and a cost, and the ghost is in none
    assert {"ship"} <= {option["method"] for option in found["options"]}
    for option in found["options"]:
        assert option["location_ids"] == [place]
        assert option["lines"] == [{"sku": sku, "quantity": 2}]
        assert option["ships_by"] <= option["delivers_by"]
        assert option["cost"]["amount"] > 0
    assert found["unavailable"] == [{"sku": ghost, "quantity": 1}]
    assert ats(world, sku) == 3


def test_of_many_carts_at_once_exactly_as_many_hold_as_there_are_units(
    stack: dict[str, Any],
) -> None:
    # GIVEN five units
    world = World(stack)
    place, sku = world.location("DROP"), world.sku()
    world.stock(sku, {place: UNITS})
    # WHEN 24 carts want one each at the same time
    answers = together([partial(hold, world, sku)] * CARTS, threads=12)
    # THEN five hold one, the others are told, and the ledger says so
    assert Counter(one.status for one in answers) == Counter({201: UNITS, 409: CARTS - UNITS})
    assert world.position(sku, place)["reserved"] == UNITS
    world.assert_ledger_sums_up(sku, place)
    # AND what is released can be held again, once
    kept = next(one for one in answers if one.status == 201)
    assert good(settle(world, kept, "release")).json["status"] == "released"
    assert_problem(settle(world, kept, "release"), 409)
    assert [hold(world, sku).status, hold(world, sku).status] == [201, 409]


def test_a_cart_that_is_left_gives_its_units_to_the_next(stack: dict[str, Any]) -> None:
    # GIVEN all units held for a second
    world = World(stack)
    place, sku = world.location("LEFT"), world.sku()
    world.stock(sku, {place: 2})
    left = good(hold(world, sku, 2, ttl_seconds=1))
    # WHEN the second is over, long before the sweep
    until(lambda: to_text(system_clock()), lambda now: now > left.json["expires_at"])
    assert ats(world, sku) == 2
    # THEN the next cart has them at once, and keeps them by committing
    next_one = good(hold(world, sku, 2))
    assert settle(world, left, "commit").json["found"] == "expired"
    assert good(settle(world, next_one, "commit")).json["status"] == "committed"
    assert world.position(sku, place)["reserved"] == 2
    world.assert_ledger_sums_up(sku, place)


def test_an_order_on_hold_is_not_sold_again_until_it_is_cancelled(stack: dict[str, Any]) -> None:
    # GIVEN five units, and an order of two that is not paid yet
    world = World(stack)
    world.stock(world.sku(), {world.location("DC"): 5})
    unpaid = {**shopify_order((world.sku(), 2)), "financial_status": "pending"}
    world.deliver(unpaid)
    # THEN nobody else is shown or promised what it will take
    until(lambda: ats(world, world.sku()), lambda units: units == 3)
    assert hold(world, world.sku(), 4).status == 409
    order = world.order(unpaid)
    assert order["status"] == "held"
    # WHEN it is cancelled, it is free again
    good(
        world.api.call("POST", path_of("orders", order["order_id"], "cancel"), {"reason": "fraud"})
    )
    until(lambda: ats(world, world.sku()), lambda units: units == 5)
    # AND an order that is routed takes its units once
    body = world.placed((world.sku(), 4))
    world.settled(body, "allocated", allocated=4)
    until(lambda: ats(world, world.sku()), lambda units: units == 1)


def test_a_control_keeps_stock_from_one_channel_only(stack: dict[str, Any]) -> None:
    world = World(stack)
    sku = world.sku()
    world.stock(sku, {world.location("DC"): 5})
    until(lambda: ats(world, sku), lambda units: units == 5)
    path = path_of("controls", f"test-{world.tag}")
    body = {"kind": "threshold", "units": 4, "skus": [sku], "channels": ["shopify"]}
    good(world.api.call("PUT", path, body))
    try:
        until(lambda: ats(world, sku), lambda units: units == 1)
        other = path_of("availability", sku) + "?channel=webshop"
        assert good(world.api.call("GET", other)).json["ats"] == 5
    finally:
        good(world.api.call("DELETE", path))
    until(lambda: ats(world, sku), lambda units: units == 5)


def test_units_kept_for_a_channel_are_sold_by_it_alone_and_shrink_with_its_orders(
    stack: dict[str, Any],
) -> None:
    # GIVEN five units, three of which are kept for shopify
    world = World(stack)
    sku = world.sku()
    world.stock(sku, {world.location("DC"): 5})
    path, other = path_of("controls", f"fence-{world.tag}"), path_of("availability", sku)
    body = {
        "kind": "ring_fence",
        "units": 3,
        "skus": [sku],
        "channels": ["shopify"],
        "starts_at": to_text(system_clock() - timedelta(days=1)),
    }
    good(world.api.call("PUT", path, body))

    def seen() -> tuple[int, int]:
        elsewhere = good(world.api.call("GET", f"{other}?channel=webshop")).json["ats"]
        return ats(world, sku), elsewhere

    try:
        until(seen, lambda one: one == (5, 2))
        # WHEN intake knows of it, too, and shopify sells two
        time.sleep(TTL_SECONDS)
        sold = world.placed((sku, 2))
        world.settled(sold, "allocated", allocated=2)
        # THEN the others' share stands, and its own is what is left
        until(seen, lambda one: one == (3, 2))
    finally:
        good(world.api.call("DELETE", path))
    until(seen, lambda one: one == (3, 3))


def test_an_order_that_names_its_carts_reservation_takes_those_units(stack: dict[str, Any]) -> None:
    # GIVEN the last two units, held by a cart
    world = World(stack)
    place, sku = world.location("LAST"), world.sku()
    world.stock(sku, {place: 2})
    cart = good(hold(world, sku, 2)).json["reservation_id"]
    until(lambda: ats(world, sku), lambda units: units == 0)
    # WHEN it is bought, told twice, under that name
    note = [{"name": "reservation_id", "value": cart}]
    body = {**shopify_order((sku, 2)), "note_attributes": note}
    world.deliver(body)
    world.deliver(body)
    # THEN the order has them, nobody else could, and the hold is over
    world.settled(body, "allocated", allocated=2)
    assert world.position(sku, place)["reserved"] == 2
    assert hold(world, sku).status == 409
    over = world.api.call("POST", path_of("reservations", cart, "release"))
    assert (over.status, over.json["found"]) == (409, "consumed")
    world.assert_ledger_sums_up(sku, place)
