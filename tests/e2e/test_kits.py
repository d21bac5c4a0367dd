"""A kit sold at a shop, from what it may show to what it is told: one line there, parts here."""

from __future__ import annotations

from typing import Any

import pytest
from support.asking import good, until
from support.connected import connected
from support.world import World

from tools.client import path_of
from tools.demo_model import live

pytestmark = pytest.mark.e2e


def test_a_kit_is_picked_as_its_parts_and_told_of_as_one(stack: dict[str, Any]) -> None:
    world = World(stack)
    here, there = world.location("HERE"), world.location("THERE", (45.515, -122.679))
    kit, pot, cup = world.sku("SET"), world.sku("POT"), world.sku("CUP")
    # GIVEN a kit of a pot and two cups, three of which can be put together, two of them here
    parts = [{"sku": pot, "quantity": 1}, {"sku": cup, "quantity": 2}]
    good(world.api.call("PUT", path_of("products", kit), {"components": parts}))
    assert good(world.api.call("GET", path_of("products", cup))).json["part_of"] == [kit]
    world.stock(pot, {here: 2, there: 4})
    world.stock(cup, {here: 9, there: 3})

    def sold() -> dict[str, int]:
        paths = {sku: path_of("availability", sku) + "?channel=shopify" for sku in (kit, pot, cup)}
        found = {sku: good(world.api.call("GET", path)).json for sku, path in paths.items()}
        return {sku: one["ats"] for sku, one in found.items()}

    until(sold, lambda units: units == {kit: 3, pot: 6, cup: 12})
    with connected(world) as shop:
        path = path_of("channels", "shopify", world.shop.account)
        shop.stock.add(kit, "7", 99)
        shop.stock.add(cup, "7", 99)
        try:
            good(world.api.call("PUT", path, {"location": "7"}))
            until(lambda: shop.stock.shown(kit, "7"), lambda units: units == 3)
            # WHEN two are ordered
            shop.stock.buy(kit, "7", 2)
            body = world.placed((kit, 2))
            work = world.work_with_status(body, "released")
            # THEN one location picks their parts, and all three SKUs are sold less of
            picked = {line["sku"]: line["quantity"] for line in work["lines"]}
            assert (work["location_id"], picked) == (here, {pot: 2, cup: 4})
            until(sold, lambda units: units == {kit: 1, pot: 4, cup: 8})
            until(lambda: shop.stock.shown(cup, "7"), lambda units: units == 8)
            # AND what moves of a cup alone, moves what is shown of the kit
            world.stock(cup, {there: 1})
            until(lambda: shop.stock.shown(kit, "7"), lambda units: units == 0)
            order = world.order(body)
            [sold_as] = order["kits"]
            assert (sold_as["sku"], sold_as["quantity"]) == (kit, 2)
            # WHEN they leave
            gid = f"gid://shopify/Order/{order['external_id']}"
            shop.shipping.expect(gid, {sold_as["line_id"]: 2})
            world.act(work, "ship", {"parcels": [{"tracking_number": "1ZKIT", "carrier": "UPS"}]})

            # THEN the shop knows of two kits
            def seen() -> str:
                (found,) = live(world.order(body))
                return str(found["channel_reference"])

            until(seen, bool)
            [made] = shop.shipping.fulfillments[gid]
            assert [line["quantity"] for line in made["lines"]] == [2]
            for sku in (pot, cup):
                world.assert_ledger_sums_up(sku, here)
        finally:
            world.api.call("DELETE", path)
