"""A simulation on the running stack: asked over the API, run by the state machine, reported."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from dom.model.clock import system_clock, to_text
from support.asking import assert_problem, good, until
from support.world import Json, World

from tools.client import Answer, path_of

pytestmark = pytest.mark.e2e
VARIANTS = [
    {"name": "as it is", "rule_set": {}},
    {"name": "fast", "rule_set": {"weights": {"day": 900, "parcel": 300}}},
]


def ended(world: World, asked: Answer) -> Json:
    """Wait until the simulation has succeeded or failed."""
    path = path_of("simulations", good(asked).json["simulation_id"])
    answer = until(
        lambda: good(world.api.call("GET", path)).json, lambda one: one["status"] != "running"
    )
    assert isinstance(answer, dict)
    return answer


def test_generated_orders_under_two_rule_sets_are_compared(stack: dict[str, Any]) -> None:
    # GIVEN a network of at least one warehouse
    world = World(stack)
    world.location("SIM")
    scenario = {
        "name": "busy",
        "orders": {"days": 2, "orders_per_day": 20, "skus": 8},
        "changes": [{"order_rate": {"factor": 2, "from_day": 1}}],
    }
    body = {"name": world.tag, "scenario": scenario, "variants": VARIANTS}
    # WHEN
    asked = world.api.call("POST", "/simulations", body)
    found = ended(world, asked)
    # THEN
    assert found["status"] == "succeeded", found
    first, second = found["report"]["variants"]
    assert first["orders"] == second["orders"] == 60
    assert set(found["report"]["comparisons"][0]["differences"]) == set(first["measures"])
    # AND whoever asks the same again has it at once
    again = good(world.api.call("POST", "/simulations", body)).json
    assert again["simulation_id"] == found["simulation_id"]


def test_a_window_replays_what_was_ordered_and_changes_nothing(stack: dict[str, Any]) -> None:
    # GIVEN an order that was routed
    world = World(stack)
    place, sku = world.location("PAST"), world.sku()
    world.stock(sku, {place: 3})
    begins = system_clock() - timedelta(days=30)
    body = world.placed((sku, 2))
    world.routed(body)
    before = world.position(sku, place)
    # WHEN the window that holds it is simulated
    window = {"from": to_text(begins), "until": to_text(system_clock() + timedelta(minutes=1))}
    asked = {"name": world.tag, "window": window, "variants": VARIANTS[:1]}
    found = ended(world, world.api.call("POST", "/simulations", asked))
    # THEN it is among the orders, and the stock is as it was
    assert found["status"] == "succeeded", found
    (variant,) = found["report"]["variants"]
    assert variant["orders"] >= 1 and variant["units"] >= 2
    assert world.position(sku, place) == before
    world.assert_ledger_sums_up(sku, place)


def test_nonsense_is_refused_at_the_door_and_strangers_see_nothing(stack: dict[str, Any]) -> None:
    world = World(stack)
    assert_problem(world.api.call("POST", "/simulations", {"variants": VARIANTS}), 400)
    assert_problem(world.api.call("GET", "/simulations/sim_aaaaaaaaaaaaaaaaaaaa"), 404)
    assert world.nobody.call("GET", "/simulations/sim_aaaaaaaaaaaaaaaaaaaa").status == 401
