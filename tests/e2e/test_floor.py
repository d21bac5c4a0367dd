"""Locations work: accept, pick, pack, ship, reject, let expire; each sees its own work only."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.asking import assert_problem, good, until
from support.connected import supplied
from support.world import PORTLAND, World

from tools.client import path_of
from tools.demo_model import live

pytestmark = pytest.mark.e2e
PARCEL = {"tracking_number": "1Z999AA10123456784", "carrier": "UPS"}


def test_work_is_accepted_picked_packed_and_shipped(stack: dict[str, Any]) -> None:
    world = World(stack)
    place = world.location("SHOP")
    world.stock(world.sku(), {place: 5})
    body, work = world.released(world.sku(), 2)

    # WHEN the floor does its work, step by step
    assert world.act(work, "accept")["status"] == "accepted"
    assert world.act(work, "pick")["status"] == "picking"
    assert world.order(body)["lines"][0]["buckets"] == {"picked": 2}
    assert world.act(work, "pack")["status"] == "packed"
    shipped = world.act(work, "ship", {"parcels": [PARCEL]})

    # THEN it has left: stock is consumed, the order fulfilled, its execution over
    assert shipped["status"] == "shipped"
    assert shipped["parcels"][0]["tracking_number"] == PARCEL["tracking_number"]
    assert world.settled(body, "fulfilled", shipped=2)
    position = world.position(world.sku(), place)
    assert (position["on_hand"], position["reserved"], position["atp"]) == (3, 0, 3)
    world.assert_ledger_sums_up(world.sku(), place)
    until(lambda: world.back.execution_status(work["id"]), lambda found: found == "SUCCEEDED")


def test_a_step_that_is_not_legal_is_a_conflict_and_changes_nothing(stack: dict[str, Any]) -> None:
    world = World(stack)
    place = world.location("SHOP")
    world.stock(world.sku(), {place: 5})
    body, work = world.released(world.sku())

    # WHEN somebody packs what nobody picked
    answer = world.api.act(work["id"], "pack")
    assert_problem(answer, 409)
    assert "released" in answer.body.decode()  # the state found
    assert live(world.order(body))[0]["status"] == "released"

    # OR accepts, rejects or ships again what has left
    world.act(work, "ship", {"parcels": [PARCEL]})
    for action in ("accept", "pick", "pack", "reject"):
        answer = world.api.act(work["id"], action)
        assert_problem(answer, 409)
        assert "shipped" in answer.body.decode()
    assert_problem(world.api.act(work["id"], "ship", {"parcels": [PARCEL]}), 409)
    assert world.position(world.sku(), place)["on_hand"] == 4


def test_ship_alone_walks_the_missing_steps(stack: dict[str, Any]) -> None:
    # GIVEN a WMS that reports nothing but the shipment
    world = World(stack)
    place = world.location("SHOP")
    world.stock(world.sku(), {place: 1})
    body, work = world.released(world.sku())

    assert world.act(work, "ship", {"parcels": [PARCEL]})["status"] == "shipped"

    order = world.settled(body, "fulfilled", shipped=1)
    steps = [entry["type"] for entry in order["timeline"]]
    for step in ("Released", "Accepted", "Picked", "Packed", "Shipped"):
        assert steps.count(f"FulfillmentOrder{step}") == 1, steps
    assert world.position(world.sku(), place)["on_hand"] == 0
    until(lambda: world.back.execution_status(work["id"]), lambda found: found == "SUCCEEDED")


def test_a_supplier_is_told_what_to_ship_acknowledges_and_ships(stack: dict[str, Any]) -> None:
    # GIVEN a supplier whose answer to the first message gets lost
    world = World(stack)
    place = world.location("VENDOR", type="supplier")
    world.stock(world.sku(), {place: 5})
    with supplied(world, place) as supplier:
        supplier.lost = 1

        # WHEN an order of three goes there, and the customer cancels one
        body, work = world.released(world.sku(), 3)
        line = {"line_id": work["lines"][0]["line_id"], "quantity": 1}
        until(lambda: supplier.units(work["id"]), lambda units: units == {world.sku(): 3})
        world.act(work, "cancel", {"lines": [line]})

        # THEN it knows of both, and of the address
        until(lambda: supplier.units(work["id"]), lambda units: units == {world.sku(): 2})
        first = next(iter(supplier.taken.values()))
        assert (first["type"], bool(first["ship_to"]["street1"])) == ("order", True)

        # WHEN it acknowledges until tomorrow, and ships by file
        eta = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        assert world.act(work, "accept", {"eta": eta})["eta"]
        answers = f"purchase_order,answer,tracking_number\n{work['id']},ship,1Z\n"
        s3, bucket = world.back.client("s3"), stack["feeds_bucket"]
        s3.put_object(Bucket=bucket, Key=f"answers/{place}/monday.csv", Body=answers)

        # THEN the order has left, and the file was answered
        world.settled(body, "fulfilled", shipped=2, cancelled=1)
        reports = until(
            lambda: s3.list_objects_v2(Bucket=bucket, Prefix=f"answered/{place}/")["KeyCount"], bool
        )
        assert reports == 1

    # THEN its scorecard says so
    card = good(world.api.call("GET", path_of("locations", place, "scorecard"))).json["total"]
    assert (card["sent"], card["acknowledged"], card["on_time_percent"]) == (1, 1, 100.0)


def test_a_rejected_order_goes_elsewhere_and_never_back(stack: dict[str, Any]) -> None:
    # GIVEN two stores with the article, the nearer one chosen
    world = World(stack)
    near, far = world.location("NEAR"), world.location("FAR", PORTLAND)
    world.stock(world.sku(), {near: 5, far: 5})
    body, work = world.released(world.sku())
    assert work["location_id"] == near

    # WHEN it is too busy
    assert world.act(work, "reject", {"reason": "no_variance"})["status"] == "rejected"

    # THEN the other one gets a new FulfillmentOrder and the first one's stock is free again
    again = world.work_with_status(body, "released")
    assert again["location_id"] == far
    assert again["id"] != work["id"]
    assert world.position(world.sku(), near)["reserved"] == 0

    # WHEN that one cannot find it
    world.act(again, "reject", {"reason": "not_in_stock"})

    # THEN nobody is left to ask, and its stock is known to be none
    order = world.settled(body, "open", backordered=1)
    assert [work["status"] for work in order["fulfillment_orders"]] == ["rejected", "rejected"]
    position = world.position(world.sku(), far)
    assert (position["on_hand"], position["reserved"], position["atp"]) == (0, 0, 0)
    for place in (near, far):
        world.assert_ledger_sums_up(world.sku(), place)


def test_work_that_nobody_accepts_in_time_goes_elsewhere(stack: dict[str, Any]) -> None:
    world = World(stack)
    near, far = world.location("NEAR"), world.location("FAR", PORTLAND)
    world.stock(world.sku(), {near: 5, far: 5})
    body, work = world.released(world.sku())
    assert work["location_id"] == near

    # WHEN its service level has run out and the sweeper comes by
    world.back.make_overdue(work["id"])
    world.back.sweep()

    # THEN it expired there and was released at the other place
    again = world.work_with_status(body, "released")
    assert again["location_id"] == far
    statuses = [one["status"] for one in world.order(body)["fulfillment_orders"]]
    assert statuses == ["expired", "released"]
    assert world.position(world.sku(), near)["reserved"] == 0
    world.assert_ledger_sums_up(world.sku(), near)


def test_a_store_sees_and_touches_only_its_own_work(stack: dict[str, Any]) -> None:
    # GIVEN work at STORE-01 and at another place
    world = World(stack)
    mine, other = world.location("STORE-01", own=False), world.location("ELSEWHERE")
    here, there = world.sku("HERE"), world.sku("THERE")
    world.stock(here, {mine: 1})
    world.stock(there, {other: 1})
    my_body, my_work = world.released(here)
    _, their_work = world.released(there)

    # WHEN STORE-01 looks around
    mine_listed = world.work_ids(world.store, location_id=mine)

    # THEN it finds its own and nothing else
    assert my_work["id"] in mine_listed
    assert their_work["id"] not in mine_listed
    refused = world.store.work(location_id=other)
    assert_problem(refused, 403)
    assert_problem(world.store.act(their_work["id"], "accept"), 404)
    assert_problem(world.store.call("GET", f"/fulfillments/{their_work['id']}"), 404)
    assert_problem(world.store.put_stock(other, there, 99), 403)
    # AND its own it can work on
    assert good(world.store.act(my_work["id"], "accept")).json["status"] == "accepted"
    assert live(world.order(my_body))[0]["status"] == "accepted"


def test_work_is_listed_by_place_and_status(stack: dict[str, Any]) -> None:
    world = World(stack)
    place = world.location("SHOP")
    world.stock(world.sku(), {place: 5})
    _, first = world.released(world.sku())
    _, second = world.released(world.sku())
    world.act(second, "accept")

    assert world.work_ids(world.api, location_id=place) == {first["id"], second["id"]}
    assert world.work_ids(world.api, location_id=place, status="released") == {first["id"]}
    assert world.work_ids(world.api, location_id=place, status="accepted") == {second["id"]}


def test_a_repeated_request_id_is_served_once(stack: dict[str, Any]) -> None:
    world = World(stack)
    place = world.location("SHOP")
    world.stock(world.sku(), {place: 5})
    _, work = world.released(world.sku())
    request = {"request_id": uuid.uuid4().hex, "parcels": [PARCEL]}

    first, second = world.act(work, "ship", request), world.act(work, "ship", request)

    assert first["status"] == second["status"] == "shipped"
    assert world.position(world.sku(), place)["on_hand"] == 4
