"""Work that waits at a warehouse can still move: by request, by the state machine, by a closing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from support.asking import assert_problem, good, until
from support.world import MIAMI, SEATTLE, World

from tools.demo_model import live

pytestmark = pytest.mark.e2e
Json = dict[str, Any]


@pytest.fixture
def world(stack: dict[str, Any]) -> Iterator[World]:
    """A world in which work of warehouses waits for an hour."""
    made = World(stack)
    with made.back.release_delay(3600):
        yield made


def in_the_morning() -> str:
    """A time zone in which it is about eight: today's cut-off is far away."""
    behind = datetime.now(UTC).hour - 8
    return f"Etc/GMT{behind:+d}" if -14 <= behind <= 12 else f"Etc/GMT{behind - 24:+d}"


def waits_in_miami(world: World) -> tuple[str, Json, Json]:
    """A location in Miami, an order to Seattle, and its work that waits there."""
    east = world.location("EAST", MIAMI, timezone=in_the_morning())
    world.stock(world.sku(), {east: 1})
    body = world.placed((world.sku(), 1))
    work = world.work_with_status(body, "assigned")
    assert work["location_id"] == east
    assert work["due_at"] > work["created_at"]
    return east, body, work


def stock_comes_to_seattle(world: World) -> str:
    west = world.location("WEST", SEATTLE, timezone=in_the_morning())
    world.stock(world.sku(), {west: 1})
    return west


def replan(world: World, **body: Any) -> Json:
    answer: Json = good(world.api.call("POST", "/replan", body)).json
    return answer


def assert_moved(world: World, body: Json, old: Json, to: str) -> Json:
    """The old work ended as re-planned, the new one waits; stock and ledger agree."""
    order = until(lambda: world.order(body), lambda one: live(one)[0]["location_id"] == to)
    ended = next(one for one in order["fulfillment_orders"] if one["id"] == old["id"])
    assert (ended["status"], ended["cancel_reason"]) == ("cancelled", "replanned")
    (new,) = live(order)
    assert new["status"] == "assigned"
    assert new["delivers_by"] <= old["delivers_by"]
    for place, units in ((old["location_id"], 0), (to, 1)):
        assert world.position(world.sku(), place)["reserved"] == units
        world.assert_ledger_sums_up(world.sku(), place)
    return new


def test_work_that_waits_moves_when_asked_and_the_customer_hears_nothing(world: World) -> None:
    east, body, old = waits_in_miami(world)
    west = stock_comes_to_seattle(world)
    until(lambda: world.back.mails(body["email"]), lambda mails: len(mails) == 1)

    # WHEN it is asked what would move
    told = replan(world, location_ids=[east])

    # THEN it says so, and nothing has moved
    (move,) = told["moves"]
    assert [one["fulfillment_order_id"] for one in move["ends"]] == [old["id"]]
    assert [one["location_id"] for one in move["begins"]] == [west]
    assert move["saved"]["amount"] > 0 and told["committed"] is False
    assert live(world.order(body))[0]["location_id"] == east

    # AND WHEN it is told to, it moves, once
    assert len(replan(world, location_ids=[east], commit=True)["moves"]) == 1
    new = assert_moved(world, body, old, west)
    assert replan(world, location_ids=[east, west], commit=True)["moves"] == []

    # AND when its time comes, the new location gets it; the old one never heard of it
    world.back.make_overdue(new["id"])
    world.back.sweep()
    assert world.work_with_status(body, "released")["location_id"] == west
    assert world.back.execution_status(old["id"]) == ""
    assert len(world.back.mails(body["email"])) == 1


def test_the_state_machine_moves_it_as_on_its_schedule(world: World) -> None:
    east, body, old = waits_in_miami(world)
    west = stock_comes_to_seattle(world)
    run = world.back.start_replan({"location_ids": [east]})
    until(lambda: world.back.status_of(run), lambda status: status == "SUCCEEDED")
    assert_moved(world, body, old, west)


def test_a_location_that_closes_loses_its_waiting_work_by_itself(world: World) -> None:
    _, body, old = waits_in_miami(world)
    west = stock_comes_to_seattle(world)
    world.location("EAST", MIAMI, timezone=in_the_morning(), active=False)
    assert_moved(world, body, old, west)


def test_a_slot_that_is_free_again_is_used(world: World) -> None:
    # GIVEN a near warehouse that is full, so that an order went far away
    east = world.location("EAST", MIAMI, timezone=in_the_morning())
    west = world.location("WEST", SEATTLE, timezone=in_the_morning(), daily_capacity=1)
    world.stock(world.sku(), {east: 1, west: 2})
    first = world.placed((world.sku(), 1))
    assert world.work_with_status(first, "assigned")["location_id"] == west
    body = world.placed((world.sku(), 1))
    old = world.work_with_status(body, "assigned")
    assert old["location_id"] == east

    # WHEN it can do more today
    world.location("WEST", SEATTLE, timezone=in_the_morning(), daily_capacity=2)
    until(lambda: replan(world, location_ids=[east]), lambda told: bool(told["moves"]))
    replan(world, location_ids=[east], commit=True)

    # THEN the order goes there
    until(lambda: world.order(body), lambda one: live(one)[0]["location_id"] == west)
    assert world.position(world.sku(), west)["reserved"] == 2


def test_a_store_may_not_plan_anew(world: World) -> None:
    assert_problem(world.store.call("POST", "/replan", {}), 403)
