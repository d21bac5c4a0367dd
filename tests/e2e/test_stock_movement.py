"""A transfer and a purchase on the running stack: what leaves, what comes, what differs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from dom.model.clock import system_clock, to_text
from support.asking import assert_problem, good, until
from support.world import PORTLAND, Json, World

from tools.client import path_of
from tools.demo_model import live

pytestmark = pytest.mark.e2e


def post(world: World, *path: str, body: Json | None = None) -> Json:
    return good(world.api.call("POST", path_of(*path), body or {})).json


def awaited(world: World, sku: str, wanted: dict[str, int]) -> None:
    """Wait until the SKU's positions are these."""

    def found() -> dict[str, int]:
        positions = good(world.api.stock(sku)).json["positions"]
        return {one["location_id"]: one["on_hand"] for one in positions}

    until(found, lambda one: one == wanted)


def test_a_transfer_moves_stock_and_tells_what_differs(stack: dict[str, Any]) -> None:
    # GIVEN ten mugs
    world = World(stack)
    origin, store, sku = world.location("FROM"), world.location("TO"), world.sku()
    world.stock(sku, {origin: 10})
    body = {
        "from_location_id": origin,
        "location_id": store,
        "reference": world.tag,
        "lines": [{"sku": sku, "quantity": 4}],
    }
    order = post(world, "transfers", body=body)
    # WHEN it leaves, and one of four comes damaged, one not at all, and something else
    left = post(world, "transfers", order["id"], "ship", body={"request_id": "s"})
    assert left["status"] == "shipped"
    awaited(world, sku, {origin: 6})
    other = world.sku("OTHER")
    rows = [{"sku": sku, "quantity": 3, "damaged": 1}, {"sku": other, "quantity": 1}]
    came = {"request_id": "r", "lines": rows}
    post(world, "transfers", order["id"], "receive", body=came)
    post(world, "transfers", order["id"], "receive", body=came)
    ended = post(world, "transfers", order["id"], "close")
    # THEN
    awaited(world, sku, {origin: 6, store: 3})
    for place in (origin, store):
        world.assert_ledger_sums_up(sku, place)
    assert {(one["kind"], one["units"]) for one in ended["discrepancies"]} == {
        ("short", 1),
        ("unexpected", 1),
    }
    cancelled = world.api.call("POST", path_of("transfers", order["id"], "cancel"), {})
    assert_problem(cancelled, 409)


def test_what_a_supplier_sends_wakes_the_order_that_waits_for_it(stack: dict[str, Any]) -> None:
    # GIVEN an order for goods that are nowhere
    world = World(stack)
    place, sku = world.location("DOCK"), world.sku()
    world.stock(sku, {place: 0})
    body = world.placed((sku, 1))
    world.settled(body, "open", backordered=1)
    # WHEN it is bought, and then comes later than was said
    day = system_clock().date() + timedelta(days=3)
    purchase = {
        "supplier": "ACME",
        "location_id": place,
        "reference": world.tag,
        "expected_on": day.isoformat(),
        "lines": [{"sku": sku, "quantity": 5}],
    }
    bought = post(world, "purchase-orders", body=purchase)
    _expected(world, body, bought["id"], day + timedelta(days=1))
    later = {"expected_on": (day + timedelta(days=9)).isoformat()}
    good(world.api.call("PATCH", path_of("purchase-orders", bought["id"]), later))
    # THEN the order says so each time, and its customer is told
    order = _expected(world, body, bought["id"], day + timedelta(days=10))
    told = [one["data"] for one in order["timeline"] if one["type"] == "PromiseMoved"]
    assert [one["reason"] for one in told] == ["supply", "supply"]
    # WHEN the purchase comes in
    came = {"request_id": "r", "lines": [{"sku": sku, "quantity": 5}]}
    post(world, "purchase-orders", bought["id"], "receive", body=came)
    # THEN the order gets its unit
    assert world.work_with_status(body, "released")["location_id"] == place
    world.assert_ledger_sums_up(sku, place)


def _expected(world: World, body: Json, purchase: str, on: date) -> Json:
    """The order, once it says that it can leave on that day."""

    def found() -> Json:
        return world.order(body)

    def says(order: Json) -> bool:
        (group,) = order["ship_groups"]
        return (group["expected_on"], group["expected_from"]) == (on.isoformat(), purchase)

    return until(found, says)


def test_of_what_is_gone_the_newest_order_goes_elsewhere(stack: dict[str, Any]) -> None:
    # GIVEN two orders at the location nearby
    world = World(stack)
    near, far, sku = world.location("NEAR"), world.location("FAR", PORTLAND), world.sku()
    world.stock(sku, {near: 2, far: 0})
    older = world.placed((sku, 1))
    world.work_with_status(older, "released")
    newer = world.placed((sku, 1))
    world.work_with_status(newer, "released")
    world.stock(sku, {far: 5})

    # WHEN somebody counts one mug there
    world.stock(sku, {near: 1})

    # THEN the newer order is sent from elsewhere, the older one stays, and nothing is missing
    def places() -> list[list[str]]:
        return [[one["location_id"] for one in live(world.order(x))] for x in (older, newer)]

    until(places, lambda found: found == [[near], [far]])
    assert world.position(sku, near)["reserved"] == 1
    listed = path_of("shortages") + f"?location_id={near}"
    until(lambda: good(world.api.call("GET", listed)).json["shortages"], lambda found: not found)

    # AND WHEN even that one is gone while it is being picked, people see that it is missing
    picked = world.work_with_status(older, "released")
    world.act(picked, "accept")
    world.act(picked, "pick")
    world.stock(sku, {near: 0})
    found = until(lambda: good(world.api.call("GET", listed)).json["shortages"], bool)
    assert [(one["sku"], one["location_id"], one["units"]) for one in found] == [(sku, near, 1)]
    assert live(world.order(older))[0]["status"] == "picking"
    world.assert_ledger_sums_up(sku, near)


def test_a_count_that_differs_much_waits_for_a_person(stack: dict[str, Any]) -> None:
    # GIVEN
    world = World(stack)
    place, sku, other = world.location("SHELF"), world.sku(), world.sku("FEW")
    world.stock(sku, {place: 40})
    world.stock(other, {place: 10})
    # WHEN somebody finds 4 of the forty, and 9 of the ten
    rows = [{"sku": sku, "quantity": 4}, {"sku": other, "quantity": 9}]
    told = {"reference": world.tag, "counted_at": to_text(system_clock()), "lines": rows}
    count = post(world, "counts", place, body=told)
    assert count["status"] == "review"
    awaited(world, other, {place: 9})
    awaited(world, sku, {place: 40})
    # THEN it counts once a person has looked
    done = post(world, "counts", place, count["id"], "approve")
    assert done["status"] == "applied"
    awaited(world, sku, {place: 4})
    world.assert_ledger_sums_up(sku, place)


def test_what_is_on_its_way_can_be_promised_by_its_day(stack: dict[str, Any]) -> None:
    # GIVEN two mugs, five more that come in four days, and leave to sell three beyond stock
    world = World(stack)
    store, sku = world.location("DC"), world.sku()
    world.stock(sku, {store: 2})
    today = system_clock().date()
    due, leaves = today + timedelta(days=4), today + timedelta(days=5)
    body = {
        "location_id": store,
        "supplier": "ACME",
        "reference": world.tag,
        "expected_on": due.isoformat(),
        "lines": [{"sku": sku, "quantity": 5}],
    }
    order = post(world, "purchase-orders", body=body)
    allowed = {"kind": "backorder", "units": 3, "skus": [sku]}
    control = path_of("controls", f"beyond-{world.tag}")
    good(world.api.call("PUT", control, allowed))
    # THEN availability says so, and a cart of four is promised for that day
    path = path_of("availability", sku) + "?channel=shopify"

    def seen() -> tuple[int, int, list[Json]]:
        found = good(world.api.call("GET", path)).json
        return found["ats"], found["backorder"], found["later"]

    until(seen, lambda one: one == (2, 3, [{"day": leaves.isoformat(), "ats": 7}]))
    cart = {
        "lines": [{"sku": sku, "quantity": 4}],
        "destination": {"country_code": "US", "postal_code": "98101"},
        "channel": "shopify",
    }
    found = post(world, "promise", body=cart)
    assert found["unavailable"] == []
    (later,) = (one for one in found["options"] if "available_on" in one)
    assert later["available_on"] == leaves.isoformat()
    assert later["ships_by"] >= leaves.isoformat()
    assert later["lines"] == [{"sku": sku, "quantity": 4}]
    # WHEN it is late, nothing of it is promised; when it came, it is there
    unknown = {"expected_on": None}
    good(world.api.call("PATCH", path_of("purchase-orders", order["id"]), unknown))
    until(seen, lambda one: one == (2, 0, []))
    came = {"request_id": "r", "lines": [{"sku": sku, "quantity": 5}]}
    post(world, "purchase-orders", order["id"], "receive", body=came)
    until(seen, lambda one: one == (7, 0, []))
    good(world.api.call("DELETE", control))
