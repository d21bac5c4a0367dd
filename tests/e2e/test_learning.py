"""What operators learn from a running stack: demand from its orders, trust from its ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from dom.aws.ledger_book import DynamoLedgerBook
from dom.aws.product_store import DynamoProductStore
from dom.forecast.trust import learn as learn_trust
from support.asking import good, until
from support.shopify_bodies import shopify_order
from support.world import MIAMI, SEATTLE, World

from tools.client import path_of
from tools.forecast import EVERYWHERE, apply, learn, window_of
from tools.simulate_source import history_of
from tools.stack import Stack
from tools.trust import apply as apply_trust
from tools.trust import trials


def of(world: World) -> Stack:
    """The stack as operator commands see it."""
    return Stack(world.stack["stack"], world.stack["endpoint"], world.stack["region"])


def test_orders_and_the_floor_teach_routing(stack: dict[str, Any]) -> None:
    # GIVEN one order that was shipped, and one whose location did not have what it showed
    world, now = World(stack), datetime.now(UTC)
    aws, sku = of(world), world.sku()
    place = world.location("SHOP")
    world.stock(sku, {place: 9})
    _, shipped = world.released(sku, 2)
    world.act(shipped, "ship", {"parcels": [{"tracking_number": "1Z999AA10123456784"}]})
    _, missed = world.released(sku, 1)
    world.act(missed, "reject", {"reason": "mismatch"})

    # WHEN demand is learnt from all orders, today's too, and trust from the ledger
    tomorrow = (now + timedelta(days=1)).date()
    orders = history_of(aws).placed(window_of(tomorrow, 3650, UTC))
    lines = [one for one in learn(orders, tomorrow, UTC) if one.series.sku == sku]
    tables = aws.client("dynamodb"), aws.resource("InventoryTable")
    book, products = DynamoLedgerBook(*tables), DynamoProductStore(*tables)

    def seen() -> list[bool]:
        found = trials(book, now - timedelta(days=1))
        return sorted(one.found for one in found if one.sku == sku)

    # THEN both say what happened
    assert sum(lines[-1].series.units) in (2, 3)
    assert lines[-1].series.region == EVERYWHERE
    assert until(seen, lambda found: len(found) == 2) == [False, True]

    # AND routing is told, in the product
    assert apply(lines, products) == 1
    learnt = learn_trust(
        (one for one in trials(book, now - timedelta(days=1)) if one.sku == sku), now
    )
    assert apply_trust(learnt, products) == 1
    told = products.find(sku)
    assert told and told.daily_demand > 0 and set(told.rejects) == {place}


def test_the_night_learns_demand_and_sets_safety_stock(stack: dict[str, Any]) -> None:
    # GIVEN a SKU of which two were bought on each of the last days, and a policy for it
    world = World(stack)
    aws, sku = of(world), world.sku()
    place = world.location("NIGHT")
    world.stock(sku, {place: 40})
    for back in range(1, 6):
        at = (datetime.now(UTC) - timedelta(days=back)).isoformat(timespec="seconds")
        world.deliver({**shopify_order((sku, 2)), "created_at": at, "processed_at": at})
    available = path_of("availability", sku) + "?channel=shopify"
    seen = partial(world.api.call, "GET", available)
    until(lambda: good(seen()).json["ats"], lambda units: units == 30)
    policy = {"level": 0.95, "lead_days": 7, "least": 3, "skus": [sku]}
    good(world.api.call("PUT", path_of("safety-stock", world.tag), policy))

    # WHEN the night's work is done
    assert night(aws) == ("SUCCEEDED", "")

    # THEN the forecast is shown, routing is told, and the position keeps what the policy asks for
    told = good(world.api.call("GET", path_of("forecasts", sku))).json
    assert told["network"]["velocity"] == 2.0 and told["network"]["days"] == 5
    kept = told["locations"][place]["safety_stock"]
    assert kept >= 3
    assert world.position(sku, place)["safety_stock"] == kept
    until(lambda: good(seen()).json["ats"], lambda units: units == 30 - kept)
    product = good(world.api.call("GET", path_of("products", sku))).json
    assert product["daily_demand"] == 2.0
    world.assert_ledger_sums_up(sku, place)


def test_a_night_with_terms_proposes_a_transfer_that_a_person_approves(
    stack: dict[str, Any],
) -> None:
    # GIVEN a SKU that customers in Seattle buy two of a day, and that lies in Miami
    world = World(stack)
    aws, sku = of(world), world.sku()
    here, far = world.location("HERE", SEATTLE), world.location("FAR", MIAMI)
    world.stock(sku, {here: 1, far: 300})
    for back in range(1, 9):
        at = (datetime.now(UTC) - timedelta(days=back)).isoformat(timespec="seconds")
        world.deliver({**shopify_order((sku, 2)), "created_at": at, "processed_at": at})
    places = {"location_ids": [here, far]}
    terms = {"worth": 2000, "cost_unit": 20, "cost_shipment": 500, "slow_days": 30}
    path = path_of("rebalancing-terms")
    good(world.api.call("PUT", path, {**terms, "gives": places, "takes": places}))
    until(lambda: _reserved(world, sku, here, far), lambda n: n == 16)
    available = path_of("availability", sku) + "?channel=shopify"
    until(lambda: good(world.api.call("GET", available)).json["ats"], lambda n: n == 285)

    # WHEN the night's work is done
    try:
        assert night(aws) == ("SUCCEEDED", "")
    finally:
        good(world.api.call("DELETE", path))

    # THEN a transfer is proposed, and made once when somebody approves
    listed = good(world.api.call("GET", path_of("rebalancing"))).json["proposals"]
    (one,) = (x for x in listed if x["from_location_id"] == far and x["location_id"] == here)
    assert [line["sku"] for line in one["lines"]] == [sku] and one["gain"] > 0
    approve = path_of("rebalancing", one["id"], "approve")
    done = [good(world.api.call("POST", approve)).json for _ in range(2)]
    assert done[0] == done[1] and done[0]["status"] == "approved"
    transfer = good(world.api.call("GET", path_of("transfers", done[0]["transfer_id"]))).json
    assert (transfer["location_id"], transfer["status"]) == (here, "requested")
    # AND what lies there for longer than the terms allow is listed
    slow = good(world.api.call("GET", path_of("slow-stock"))).json["skus"]
    assert [x["units"] for x in slow if x["sku"] == sku] == [285 - 2 * 30]


def _reserved(world: World, sku: str, *places: str) -> int:
    """Units of decided orders: those that still wait are not for sale either, but are there."""
    return sum(int(world.position(sku, place)["reserved"]) for place in places)


def night(aws: Stack) -> tuple[str, str]:
    """Run the state machine; how it ended, and why."""
    steps = aws.client("stepfunctions")
    machine = aws.resource("ForecastStateMachine")
    started = steps.start_execution(stateMachineArn=machine, input="{}")["executionArn"]

    def ended() -> tuple[str, str]:
        found = steps.describe_execution(executionArn=started)
        return found["status"], found.get("cause", "")

    return until(ended, lambda one: one[0] != "RUNNING")
