"""A marketplace that only names its orders, in both directions, on the deployed packages."""

from __future__ import annotations

from typing import Any

import pytest
from support.asking import good, together, units_by_bucket, until
from support.connected import connected
from support.shopify_bodies import shopify_order
from support.world import World

from tools.client import path_of
from tools.seller import MARKETPLACE, amazon_order, pending, selling
from tools.stack import Stack

pytestmark = pytest.mark.e2e


def running(stack: dict[str, Any]) -> Stack:
    return Stack(stack["stack"], stack["endpoint"], stack["region"])


def test_an_order_of_amazons_is_read_routed_shipped_and_confirmed(stack: dict[str, Any]) -> None:
    world = World(stack)
    sku = world.sku()
    world.stock(sku, {world.location("DC"): 5})
    order = amazon_order(sku, 2)
    named = {"external_id": order["orderId"]}
    with selling(running(stack)) as seller:
        # GIVEN an order that is pending: it has neither prices nor an address yet
        seller.put(pending(order))
        held = world.settled(named, "held", "amazon", pending=2)
        assert held["hold_reason"] == "awaiting_payment"

        # WHEN it is paid for, of which we are told three times
        seller.put(order, times=3)

        # THEN it is routed, and its shipment confirmed with its number
        work = world.work_with_status(named, "released", "amazon")
        world.act(work, "ship", {"parcels": [{"tracking_number": "1ZA", "carrier": "UPS"}]})
        packages = until(lambda: seller.amazon.packages.get(order["orderId"], {}), bool)
        (package,) = packages.values()
        assert (package["carrierCode"], package["trackingNumber"]) == ("UPS", "1ZA")
        assert package["orderItems"] == [{"orderItemId": f"{order['orderId']}-1", "quantity": 2}]


def test_of_the_last_unit_sold_twice_one_order_wins_and_both_channels_show_none(
    stack: dict[str, Any],
) -> None:
    world = World(stack)
    sku = world.sku()
    world.stock(sku, {world.location("DC"): 1})
    with connected(world) as shop, selling(running(stack)) as seller:
        # GIVEN a unit that a shop and a marketplace both show
        shop.stock.add(sku, "7", 1)
        seller.amazon.units[sku] = 1
        outlets = [
            (path_of("channels", "shopify", world.shop.account), {"location": "7"}),
            (path_of("channels", "amazon", seller.account), {"location": MARKETPLACE}),
        ]
        try:
            for path, outlet in outlets:
                good(world.api.call("PUT", path, outlet))

            # WHEN both sell it at the same moment
            order = amazon_order(sku, 1)
            bought = shopify_order((sku, 1))
            together([lambda: seller.put(order), lambda: world.deliver(bought)])

            # THEN one order has it, the other waits for stock, and nobody shows it any more
            def stand() -> list[str]:
                named = {"external_id": order["orderId"]}
                found = (world.order(bought), world.order(named, "amazon"))
                return sorted(bucket for one in found if one for bucket in units_by_bucket(one))

            until(stand, lambda found: found == ["allocated", "backordered"])
            until(lambda: shop.stock.shown(sku, "7"), lambda units: units == 0)
            until(lambda: seller.amazon.units[sku], lambda units: units == 0)
        finally:
            for path, _ in outlets:
                world.api.call("DELETE", path)
