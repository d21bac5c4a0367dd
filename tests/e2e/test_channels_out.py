"""What channels hear back from the deployed packages: shipments, and what they may sell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.asking import good, until
from support.connected import connected
from support.shopify_bodies import shopify_order
from support.world import World

from tools.client import path_of
from tools.demo_model import live

pytestmark = pytest.mark.e2e

# As a shop that captures by hand tells it, with a tip.
AUTHORIZED = {"financial_status": "authorized", "total_price": "500.00", "total_price_set": None}


def test_the_shop_shows_what_was_shipped(stack: dict[str, Any]) -> None:
    world = World(stack)
    world.stock(world.sku(), {world.location("DC"): 5})
    with connected(world) as shop:
        # GIVEN an order of three units, of which the shop expects the same, and authorized money
        path = path_of("channels", "shopify", world.shop.account)
        good(world.api.call("PUT", path, {"capture": "at_ship"}))
        body = {**shopify_order((world.sku(), 3)), **AUTHORIZED}
        world.deliver(body)
        work = world.work_with_status(body, "released")
        order = world.order(body)
        gid = f"gid://shopify/Order/{order['external_id']}"
        shop.capturing.authorize(gid, AUTHORIZED["total_price"])
        shop.shipping.expect(gid, {order["lines"][0]["line_id"]: 3})

        # WHEN it is shipped in two parcels
        parcels = [{"tracking_number": number, "carrier": "UPS"} for number in ("1ZA", "1ZB")]
        world.act(work, "ship", {"parcels": parcels})

        # THEN the shop knows all units and both numbers, and the order where to find them there
        def seen() -> str:
            (found,) = live(world.order(body))
            return str(found["channel_reference"])

        assert until(seen, bool) == "gid://shopify/Fulfillment/1"
        [made] = shop.shipping.fulfillments[gid]
        assert [line["quantity"] for line in made["lines"]] == [3]
        assert made["told"]["trackingInfo"] == {"numbers": ["1ZA", "1ZB"], "company": "UPS"}

        # AND its money was captured, once
        money = until(lambda: world.order(body)["payment"], lambda found: found["captured"])
        assert (money["captured"], money["due"], money["failed"]) == (50_000, 50_000, "")
        assert shop.capturing.captured(gid) == ["500.00"]
        world.api.call("DELETE", path)


def test_the_shop_shows_what_it_may_sell_seconds_after_it_moved(stack: dict[str, Any]) -> None:
    world = World(stack)
    dc = world.location("DC")
    world.stock(world.sku(), {dc: 5})
    with connected(world) as shop:
        # GIVEN a shop that shows too much, at its own location 7
        shop.stock.add(world.sku(), "7", 99)
        path = path_of("channels", "shopify", world.shop.account)

        def shown() -> int:
            return shop.stock.shown(world.sku(), "7")

        try:
            good(world.api.call("PUT", path, {"location": "7"}))
            assert until(shown, lambda units: units == 5) == 5

            # WHEN it sells two, which it takes off itself, and we hear of them
            shop.stock.buy(world.sku(), "7", 2)
            body, _ = world.released(world.sku(), 2)
            assert shown() == 3

            # AND more is counted in the warehouse
            world.stock(world.sku(), {dc: 9})

            # THEN it is raised to what is left to sell, and lowered when a location closes
            until(shown, lambda units: units == 7)
            world.location("DC", active=False)
            until(shown, lambda units: units == 0)
            assert world.order(body)["status"] == "allocated"
        finally:
            world.api.call("DELETE", path)


def test_an_order_whose_webhook_was_lost_comes_in_and_is_routed(stack: dict[str, Any]) -> None:
    world = World(stack)
    world.stock(world.sku(), {world.location("DC"): 5})
    with connected(world) as shop:
        path = path_of("channels", "shopify", world.shop.account)
        lost = {**shopify_order((world.sku(), 2)), "updated_at": minutes_ago(10)}
        shop.orders.put(lost)
        try:
            good(world.api.call("PUT", path, {}))
            world.back.invoke("order_reconciler")
            assert world.settled(lost, "allocated", allocated=2)

            # AND its webhook, days later, changes nothing
            world.deliver(lost)
            assert len(world.find(lost)) == 1
            position = world.position(world.sku(), world.location("DC"))
            assert position["reserved"] == 2
        finally:
            world.api.call("DELETE", path)


def minutes_ago(minutes: int) -> str:
    at = datetime.now(UTC) - timedelta(minutes=minutes)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_what_is_cancelled_here_is_paid_back_by_the_shop(stack: dict[str, Any]) -> None:
    world = World(stack)
    world.stock(world.sku(), {world.location("DC"): 5})
    with connected(world) as shop:
        path = path_of("channels", "shopify", world.shop.account)
        try:
            good(world.api.call("PUT", path, {"pays_back": True, "capture": "at_ship"}))
            body = {**shopify_order((world.sku(), 2)), **AUTHORIZED}
            world.deliver(body)
            world.work_with_status(body, "released")
            order = world.order(body)
            gid, line = f"gid://shopify/Order/{order['external_id']}", order["lines"][0]["line_id"]
            shop.cancelling.sell(gid, line, 2)
            shop.capturing.authorize(gid, AUTHORIZED["total_price"])
            cancel = path_of("orders", order["order_id"], "cancel")
            good(world.api.call("POST", cancel, {"reason": "changed mind"}))
            world.settled(body, "cancelled", cancelled=2)
            (told,) = until(lambda: list(shop.cancelling.taken_off), bool)
            assert told["orderId"] == gid
            assert [one["quantity"] for one in told["refundLineItems"]] == [2]
            until(lambda: shop.capturing.voided(gid), bool)
        finally:
            world.api.call("DELETE", path)


def test_an_order_that_is_collected_goes_to_the_store_that_the_shop_names(
    stack: dict[str, Any],
) -> None:
    world = World(stack)
    store = world.location("CORNER", type="store", capabilities=["pickup"])
    world.stock(world.sku(), {store: 5, world.location("DC"): 5})
    with connected(world) as shop:
        body = {**shopify_order((world.sku(), 2)), "shipping_address": None}
        shop.orders.put(body)
        shop.orders.places[str(body["id"])] = [("PICK_UP", "Corner Store", store)]

        world.deliver(body)

        work = world.work_with_status(body, "released")
        assert (work["location_id"], work["method"]) == (store, "pickup")
