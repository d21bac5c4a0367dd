"""Locations are switched off and on while orders come and work is under way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.asking import assert_problem, good, until
from support.world import PORTLAND, Json, World, live, stands

from tools.client import path_of

pytestmark = pytest.mark.e2e


def switch(world: World, place: str, action: str, **body: Any) -> Json:
    return good(world.api.call("POST", path_of("locations", place, action), body)).json


def two_places(world: World) -> tuple[str, str]:
    """A near one and a far one, both with the article."""
    near, far = world.location("NEAR"), world.location("FAR", PORTLAND)
    world.stock(world.sku(), {near: 5, far: 5})
    return near, far


def test_its_work_moves_when_that_is_wished_and_what_is_packed_stays(
    stack: dict[str, Any],
) -> None:
    # GIVEN three orders at the near place: told, accepted, and packed
    world = World(stack)
    near, far = two_places(world)
    (told, _), (taken, second), (done, third) = (world.released(world.sku()) for _ in range(3))
    world.act(second, "accept")
    for action in ("accept", "pick", "pack"):
        world.act(third, action)

    # WHEN it is switched off
    shut = switch(world, near, "deactivate", open_work="reroute", reason="flood")
    assert shut["active"] is False

    # THEN what was not packed goes to the far one, and so does the very next order
    for body in (told, taken, world.placed((world.sku(), 1))):
        until(lambda body=body: world.order(body), lambda order: stands(order, far))
    assert world.work_with_status(done, "packed")["location_id"] == near
    assert world.position(world.sku(), near)["reserved"] == 1
    for place in (near, far):
        world.assert_ledger_sums_up(world.sku(), place)

    # AND switched on again it is the first choice, as soon as everybody has heard of it
    switch(world, near, "activate")
    until(lambda: world.released(world.sku())[1]["location_id"], lambda place: place == near)


def test_what_is_too_much_for_a_lowered_capacity_goes_elsewhere(stack: dict[str, Any]) -> None:
    # GIVEN three orders at the only place, the first of them in hand, and then another place
    world = World(stack)
    near = world.location("NEAR", daily_capacity=3)
    world.stock(world.sku(), {near: 5})
    (first, work), (second, _), (third, _) = (world.released(world.sku()) for _ in range(3))
    for action in ("accept", "pick"):
        world.act(work, action)
    far = world.location("FAR", PORTLAND)
    world.stock(world.sku(), {far: 5})

    # WHEN the near one can do but two of them
    world.location("NEAR", daily_capacity=2)

    # THEN the newest goes to the far one, and the others stay
    until(lambda: world.order(third), lambda order: stands(order, far))
    assert {live(world.order(one))[0]["location_id"] for one in (first, second)} == {near}
    capacity = good(world.api.call("GET", path_of("locations", near, "capacity"))).json
    assert [day["left"] for day in capacity["days"] if day["used"]] == [0]
    for place in (near, far):
        world.assert_ledger_sums_up(world.sku(), place)


def test_kept_work_stays_and_the_time_switches_it_on_again(stack: dict[str, Any]) -> None:
    world = World(stack)
    near, far = two_places(world)
    body, _ = world.released(world.sku())

    # WHEN it is off for some seconds
    ends = datetime.now(UTC) + timedelta(seconds=20)
    switch(world, near, "deactivate", until=ends.isoformat())
    elsewhere, _ = world.released(world.sku())
    assert world.work_with_status(elsewhere, "released")["location_id"] == far
    assert world.work_with_status(body, "released")["location_id"] == near

    # THEN afterwards it takes orders, although nobody did anything
    path = path_of("locations", near)
    until(lambda: good(world.api.call("GET", path)).json["active"], bool)

    until(lambda: world.released(world.sku())[1]["location_id"], lambda place: place == near)
    world.assert_ledger_sums_up(world.sku(), near)


def test_a_time_that_is_over_is_refused(stack: dict[str, Any]) -> None:
    world = World(stack)
    path = path_of("locations", world.location("SHOP"), "deactivate")
    assert_problem(world.api.call("POST", path, {"until": "2020-01-01T00:00:00Z"}), 400)
