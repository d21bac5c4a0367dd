"""Goods that are sold ahead stay where they are until the day of their release."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from dom.model.clock import system_clock
from support.asking import good, until
from support.world import Json, World

from tools.client import path_of

pytestmark = pytest.mark.e2e


def test_a_preorder_waits_for_its_release_and_goes_when_that_moves(stack: dict[str, Any]) -> None:
    # GIVEN goods that are there, and may leave in twenty days only
    world = World(stack)
    place, sku = world.location("DC"), world.sku()
    world.stock(sku, {place: 3})
    today = system_clock().date()
    day = today + timedelta(days=20)

    def releases(on: str) -> None:
        body = {"releases_on": on, "preorder_limit": 2}
        good(world.api.call("PUT", path_of("products", sku), body))

    releases(day.isoformat())

    def sold() -> tuple[int, int, list[Json]]:
        path = path_of("availability", sku) + "?channel=shopify"
        found = good(world.api.call("GET", path)).json
        return found["ats"], found["backorder"], found["later"]

    until(sold, lambda one: one == (0, 2, [{"day": day.isoformat(), "ats": 3}]))
    # WHEN one is ordered
    body = world.placed((sku, 1))
    # THEN no location has work of it, nobody else may buy it, and its customer is told the day
    order = world.settled(body, "open", preordered=1)
    assert not order["fulfillment_orders"] and world.position(sku, place)["reserved"] == 0
    until(sold, lambda one: one == (0, 1, [{"day": day.isoformat(), "ats": 2}]))

    def told() -> list[str]:
        timeline = world.order(body)["timeline"]
        return [one["data"]["reason"] for one in timeline if one["type"] == "PromiseMoved"]

    until(told, lambda reasons: reasons == ["release"])
    assert world.order(body)["ship_groups"][0]["expected_on"] == day.isoformat()
    # WHEN it may leave at once, and the sweeper comes by
    releases((today - timedelta(days=1)).isoformat())

    def swept() -> list[Json]:
        world.back.sweep()
        works: list[Json] = world.order(body)["fulfillment_orders"]
        return works

    until(swept, bool)
    # THEN the location gets it
    assert world.work_with_status(body, "released")["location_id"] == place
    world.assert_ledger_sums_up(sku, place)
