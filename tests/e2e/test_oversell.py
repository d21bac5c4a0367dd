"""The last units: whoever comes, exactly as many are sold as there are."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import pytest
from support.asking import good, together, units_by_bucket
from support.shopify_bodies import shopify_order
from support.world import World

pytestmark = pytest.mark.e2e
BUYERS, UNITS = 200, 50


def test_two_hundred_buyers_of_fifty_units_get_exactly_fifty(stack: dict[str, Any]) -> None:
    # GIVEN 50 units of one SKU at one location
    world = World(stack)
    place, sku = world.location("DROP"), world.sku("SNEAKER")
    world.stock(sku, {place: UNITS})
    orders = [shopify_order((sku, 1)) for _ in range(BUYERS)]

    # WHEN 200 signed orders come in at once
    together([partial(world.deliver, body) for body in orders], threads=32)
    outcomes = [world.routed(body) for body in orders]

    # THEN 50 have it, 150 wait for it
    units = sum((units_by_bucket(order) for order in outcomes), Counter[str]())
    assert units == Counter(allocated=UNITS, backordered=BUYERS - UNITS)
    # AND the position says so, to the unit, and so does the ledger
    stock = good(world.api.stock(sku)).json
    assert stock["atp"] == 0
    world.assert_ledger_sums_up(sku, place)
    # AND every unit stands in a FulfillmentOrder of one unit, at this place
    work = [work for order in outcomes for work in order["fulfillment_orders"]]
    assert [(one["location_id"], one["lines"][0]["quantity"]) for one in work] == [
        (place, 1)
    ] * UNITS
