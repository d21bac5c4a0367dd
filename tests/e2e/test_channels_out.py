"""What channels hear back from the deployed packages: shipments, with the numbers of parcels."""

from __future__ import annotations

from typing import Any

import pytest
from support.asking import until
from support.connected import connected
from support.world import World

from tools.demo_model import live

pytestmark = pytest.mark.e2e


def test_the_shop_shows_what_was_shipped(stack: dict[str, Any]) -> None:
    world = World(stack)
    world.stock(world.sku(), {world.location("DC"): 5})
    with connected(world) as shop:
        # GIVEN an order of three units, of which the shop expects the same
        body, work = world.released(world.sku(), 3)
        order = world.order(body)
        gid = f"gid://shopify/Order/{order['external_id']}"
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
