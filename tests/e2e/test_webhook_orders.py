"""Signed Shopify orders go in at API Gateway and come out allocated and explained."""

from __future__ import annotations

from typing import Any

import pytest
from support.asking import good, until
from support.shopify_bodies import at_second, cancelled, shopify_order
from support.world import MIAMI, PORTLAND, World

from tools.demo_model import live

pytestmark = pytest.mark.e2e


def test_a_signed_order_comes_out_allocated_and_explained(stack: dict[str, Any]) -> None:
    # GIVEN the article at two places, one near the customer
    world = World(stack)
    near, far = world.location("NEAR", PORTLAND), world.location("FAR", MIAMI)
    world.stock(world.sku(), {near: 3, far: 3})

    # WHEN a signed order comes in
    body = world.placed((world.sku(), 2))
    order = world.settled(body, "allocated", allocated=2)

    # THEN the near place has it, and the answer says what, from where, when, at what cost and why
    assert [one["order_id"] for one in world.find(body)] == [order["order_id"]]
    (work,) = order["fulfillment_orders"]
    assert work["location_id"] == near
    assert [(line["sku"], line["quantity"]) for line in work["lines"]] == [(world.sku(), 2)]
    assert 230 < work["distance_km"] < 236  # Seattle to Portland, great circle: 233 km
    assert work["cost"]["amount"] > 0
    assert work["cost"]["currency"] == "USD"
    assert work["co2e_grams"] > 0
    assert work["delivers_by"] > order["timeline"][0]["at"]
    assert work["why"]
    assert (order["channel"], order["external_id"]) == ("shopify", str(body["id"]))
    assert [(group["id"], group["method"]) for group in order["ship_groups"]] == [
        (work["ship_group_id"], "ship")
    ]
    assert [decision["ship_group_id"] for decision in order["decisions"]] == [work["ship_group_id"]]
    # AND the stock is reserved there, to the unit
    position = world.position(world.sku(), near)
    assert (position["on_hand"], position["reserved"], position["atp"]) == (3, 2, 1)
    world.assert_ledger_sums_up(world.sku(), near)


def test_two_lines_of_one_sku_never_take_more_than_there_is(stack: dict[str, Any]) -> None:
    world = World(stack)
    place = world.location("SHOP")
    world.stock(world.sku(), {place: 3})

    enough = world.placed((world.sku(), 2), (world.sku(), 1))
    world.settled(enough, "allocated", allocated=3)
    too_late = world.placed((world.sku(), 1), (world.sku(), 1))
    world.settled(too_late, "open", backordered=2)

    assert world.position(world.sku(), place)["reserved"] == 3
    assert world.position(world.sku(), place)["atp"] == 0
    world.assert_ledger_sums_up(world.sku(), place)


def test_five_units_come_from_two_places_with_three_each(stack: dict[str, Any]) -> None:
    world = World(stack)
    one, other = world.location("ONE"), world.location("OTHER", PORTLAND)
    world.stock(world.sku(), {one: 3, other: 3})

    order = world.settled(world.placed((world.sku(), 5)), "allocated", allocated=5)

    parcels = {work["location_id"]: work["lines"][0]["quantity"] for work in live(order)}
    assert sorted(parcels) == sorted([one, other])
    assert sorted(parcels.values()) == [2, 3]
    assert good(world.api.stock(world.sku())).json["atp"] == 1


def test_a_download_beside_goods_is_delivered_at_once_and_needs_no_parcel(
    stack: dict[str, Any],
) -> None:
    world = World(stack)
    place, goods, file = world.location("SHOP"), world.sku("MUG"), world.sku("FILE")
    world.stock(goods, {place: 3})
    body = shopify_order((goods, 2), (file, 1), digital=(file,))
    world.deliver(body)

    order = world.settled(body, "partially_fulfilled", allocated=2, delivered=1)

    skus = [line["sku"] for work in order["fulfillment_orders"] for line in work["lines"]]
    assert skus == [goods]


def test_a_location_that_was_just_switched_off_gets_no_new_order(stack: dict[str, Any]) -> None:
    # GIVEN one place that has the article, open and used
    world = World(stack)
    place = world.location("SHOP")
    world.stock(world.sku(), {place: 9})
    world.settled(world.placed((world.sku(), 1)), "allocated")

    # WHEN ops switch it off and the next order follows at once
    world.location("SHOP", active=False)
    order = world.settled(world.placed((world.sku(), 1)), "open", backordered=1)

    # THEN it stays with the work it had and gets no more
    assert order["fulfillment_orders"] == []
    assert world.position(world.sku(), place)["reserved"] == 1


def test_goods_without_a_sku_hold_the_order_for_a_person(stack: dict[str, Any]) -> None:
    world = World(stack)
    body = shopify_order((world.sku(), 1))
    body["line_items"][0]["sku"] = None
    world.deliver(body)

    order = world.settled(body, "held")

    assert order["hold_reason"] == "invalid_data"
    assert order["fulfillment_orders"] == []


def test_a_cancelled_order_gives_its_stock_back(stack: dict[str, Any]) -> None:
    world = World(stack)
    place = world.location("SHOP")
    world.stock(world.sku(), {place: 2})
    body, _ = world.released(world.sku(), 2)

    world.deliver(cancelled(body), "orders/cancelled")
    order = world.settled(body, "cancelled", cancelled=2)

    assert [work["status"] for work in order["fulfillment_orders"]] == ["cancelled"]
    assert world.position(world.sku(), place)["reserved"] == 0
    assert world.position(world.sku(), place)["on_hand"] == 2
    world.assert_ledger_sums_up(world.sku(), place)


def test_a_customer_who_is_redacted_is_forgotten_and_stays_so(stack: dict[str, Any]) -> None:
    world = World(stack)
    world.stock(world.sku(), {world.location("DC"): 5})
    body = world.placed((world.sku(), 1))
    order = world.settled(body, "allocated", allocated=1)
    assert world.back.personal(order["order_id"])
    asked = {"shop_domain": world.shop.account, "orders_to_redact": [body["id"]]}
    world.deliver(asked, "customers/redact")
    until(lambda: world.back.personal(order["order_id"]), lambda found: found is None)
    # WHEN the shop tells of the order once more
    world.deliver(at_second(body, 60, note="later"), "orders/updated")
    until(
        lambda: [one["type"] for one in world.order(body)["timeline"]],
        lambda types: "OrderForgotten" in types,
    )
    assert world.back.personal(order["order_id"]) is None
