"""People change orders while routing, locations and the channel work on them."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from support.asking import assert_problem, good, together, units_by_bucket, until
from support.world import MIAMI, Json, World, stands

from tools.client import Answer, path_of
from tools.demo_model import live

pytestmark = pytest.mark.e2e


def do(world: World, order: Json, action: str, **body: Any) -> Answer:
    path = path_of("orders", order["order_id"], action)
    return world.api.call("POST", path, {"reason": "she called", **body})


def test_a_cancelled_order_gives_its_units_back_whoever_has_them(stack: dict[str, Any]) -> None:
    # GIVEN two units with a location that has accepted them, and one that nobody has
    world = World(stack)
    place = world.location("SHOP")
    world.stock(world.sku(), {place: 2})
    body = world.placed((world.sku(), 3))
    order = world.settled(body, "partially_allocated", allocated=2, backordered=1)
    (work,) = live(until(lambda: world.order(body), lambda o: live(o)[0]["status"] == "released"))
    world.act(work, "accept")

    # WHEN one line's units are too many, and then all of it is cancelled twice at once
    refused = do(world, order, "cancel", lines=[{"line_id": "9", "quantity": 1}])
    assert_problem(refused, 400)
    key = uuid.uuid4().hex
    together([lambda: good(do(world, order, "cancel", request_id=key))] * 2)

    # THEN everything is cancelled and free again
    assert world.settled(body, "cancelled", cancelled=3)
    position = world.position(world.sku(), place)
    assert (position["on_hand"], position["reserved"]) == (2, 0)
    world.assert_ledger_sums_up(world.sku(), place)
    until(lambda: world.back.execution_status(work["id"]), lambda found: found == "SUCCEEDED")
    assert_problem(do(world, order, "cancel"), 409)


def test_a_cancellation_races_a_shipment_and_one_of_them_wins(stack: dict[str, Any]) -> None:
    world = World(stack)
    place = world.location("SHOP")
    world.stock(world.sku(), {place: 5})
    body, work = world.released(world.sku(), 2)
    order = world.order(body)

    # WHEN both happen at once
    together(
        [
            lambda: do(world, order, "cancel"),
            lambda: world.api.act(work["id"], "ship"),
        ]
    )

    # THEN the units are in one place, stock agrees, and nothing waits
    ended = until(
        lambda: world.order(body),
        lambda o: units_by_bucket(o) in ({"shipped": 2}, {"cancelled": 2}) and not o["withdrawing"],
    )
    left = 3 if units_by_bucket(ended) == {"shipped": 2} else 5
    position = world.position(world.sku(), place)
    assert (position["on_hand"], position["reserved"]) == (left, 0)
    world.assert_ledger_sums_up(world.sku(), place)


def test_a_held_order_waits_until_it_is_let_go(stack: dict[str, Any]) -> None:
    # GIVEN an order that is held while its work waits for the wave of its warehouse
    world = World(stack)
    place = world.location("DC")
    world.stock(world.sku(), {place: 5})
    with world.back.release_delay(6):
        body = world.placed((world.sku(), 1))
        order = world.settled(body, "allocated", allocated=1)
    good(do(world, order, "hold"))
    work = live(world.order(body))[0]
    assert work["status"] == "assigned"

    # WHEN its time has come, its execution has begun and the sweep looks again
    def begun() -> bool:
        world.back.sweep()
        return world.back.execution_status(work["id"]) == "RUNNING"

    until(begun, bool)
    world.back.sweep()
    assert live(world.order(body))[0]["status"] == "assigned"
    assert world.order(body)["status"] == "held"

    # THEN it is released once the order is, at the next look
    good(do(world, order, "release"))

    def released() -> bool:
        world.back.make_overdue(work["id"])
        world.back.sweep()
        return bool(live(world.order(body))[0]["status"] == "released")

    until(released, bool)


def test_an_order_that_moves_is_routed_to_its_new_address(stack: dict[str, Any]) -> None:
    # GIVEN an order for Seattle that a place there has accepted
    world = World(stack)
    near, far = world.location("SEATTLE"), world.location("MIAMI", MIAMI)
    world.stock(world.sku(), {near: 5, far: 5})
    body, work = world.released(world.sku())
    assert world.act(work, "accept")["location_id"] == near
    order = world.order(body)

    # WHEN its customer moved to Miami
    address = {"country_code": "US", "province_code": "FL", "postal_code": "33101", "city": "Miami"}
    path = path_of("orders", order["order_id"], "address")
    good(world.api.call("PATCH", path, {**address, "latitude": MIAMI[0], "longitude": MIAMI[1]}))

    # THEN the other place gets it, and the first one's stock is free again
    moved = until(lambda: world.order(body), lambda o: stands(o, far))
    assert [one["cancel_reason"] for one in moved["fulfillment_orders"]] == ["readdressed", ""]
    assert world.position(world.sku(), near)["reserved"] == 0
    for place in (near, far):
        world.assert_ledger_sums_up(world.sku(), place)

    # AND an event of the channel, which repeats the old address, changes nothing of that
    later = {**body, "updated_at": "2099-01-01T00:00:00-05:00", "note": "gift"}
    world.deliver(later, "orders/updated")
    until(lambda: world.order(body), lambda o: o["version"] > moved["version"])
    assert stands(world.order(body), far)
    again = live(world.order(body))[0]
    assert again["distance_km"] < 50

    # AND once it is packed, it is too late
    for action in ("accept", "pick", "pack"):
        world.act(again, action)
    assert_problem(world.api.call("PATCH", path, address), 409)
