"""Simulations over HTTP and their steps on tables and a bucket: asked, prepared, run, reported."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import boto3
import pytest
from dom.api.identity import Identity
from dom.aws import keys
from dom.aws.codec import from_plain, to_plain
from dom.aws.simulation_store import key_of
from dom.model.commit import Commit
from dom.model.geo import Coordinates
from dom.model.ids import LocationId, OrderId, Sku
from dom.model.order import Bucket, HoldReason
from dom.model.rules import RuleSet
from dom.model.stock import Cause, StockChange
from dom.simulation.generate import generate
from dom.simulation.outcome import Outcome, measure
from dom.simulation.recipe import Recipe
from dom.simulation.world import Situation
from support.api import Backend, backend
from support.bodies import SIMULATION
from support.builders import BOSTON, NOW, RENO, line, location, order
from support.functions import load_function
from support.http import LambdaContext
from support.situations import day
from support.tables import REGION

GENERATED: dict[str, Any] = {
    "scenario": {"orders": {"days": 2, "orders_per_day": 20, "skus": 8}},
    "variants": SIMULATION["variants"],
}
WINDOW: dict[str, Any] = {"window": SIMULATION["window"], "variants": SIMULATION["variants"]}


class Desk:
    """The API's functions, the tasks, and what the state machine does between them."""

    def __init__(self, api: Backend) -> None:
        self.api = api
        self.tasks: ModuleType = load_function("simulation_tasks")
        self.commits = 0
        self.s3 = boto3.client("s3", region_name=REGION)

    def asked(self, body: object) -> str:
        reply = self.api.call("POST", "/simulations", body)
        assert reply.status == 202, reply.json
        return str(reply.json["simulation_id"])

    def take(self, step: str, simulation_id: str, **more: int) -> Any:
        event = {"step": step, "simulation_id": simulation_id, **more}
        return self.tasks.handler(event, LambdaContext())

    def play(self, simulation_id: str) -> None:
        """As statemachines/simulation.asl.json has it."""
        prepared = self.take("prepare", simulation_id)
        if not prepared["refused"]:
            items = self.document(prepared["items_key"])
            for item in items:
                self.take("run", **item)
            self.take("report", simulation_id)

    def commit(self, at: datetime, **facts: Any) -> None:
        self.commits += 1
        self.api.ledger.commit(Commit(f"commit-{self.commits}", at, "test", **facts))

    def stock(self, at: datetime, cause: Cause, **deltas: Any) -> None:
        change = StockChange(Sku("MUG"), LocationId("RENO"), cause, **deltas)
        self.commit(at, stock=(change,))
        document = {**keys.availability("MUG"), "sku": "MUG", "locations": {"RENO": 0}}
        self.api.put_item("INVENTORY_TABLE", document)

    def document(self, key: str) -> Any:
        body = self.s3.get_object(Bucket="raw", Key=key)["Body"].read()
        return json.loads(gzip.decompress(body) if key.endswith(".gz") else body)

    def shown(self, simulation_id: str) -> Any:
        return self.api.call("GET", f"/simulations/{simulation_id}").json


@pytest.fixture
def desk() -> Iterator[Desk]:
    with backend() as made:
        made.put_location("RENO")
        made.put_location("BOSTON")
        yield Desk(made)


def test_a_simulation_of_generated_orders_ends_with_a_report(desk: Desk) -> None:
    # GIVEN
    simulation_id = desk.asked(GENERATED)
    assert desk.shown(simulation_id)["status"] == "running"
    # WHEN
    desk.play(simulation_id)
    # THEN both variants had the same orders, and the second is compared with the first
    shown = desk.shown(simulation_id)
    assert shown["status"] == "succeeded"
    first, second = shown["report"]["variants"]
    assert (first["name"], first["orders"]) == ("as it is", 40)
    assert (second["name"], second["orders"]) == ("fast", 40)
    assert [(d["day"], d["orders"]) for d in first["by_day"]] == [
        ("2026-03-02", 20),
        ("2026-03-03", 20),
    ]
    (comparison,) = shown["report"]["comparisons"]
    cash = comparison["differences"]["cash"]
    gap = second["measures"]["cash"]["value"] - first["measures"]["cash"]["value"]
    assert cash["value"] == pytest.approx(gap, abs=1e-3) and cash["low"] <= cash["high"]


def test_every_step_may_be_repeated(desk: Desk) -> None:
    simulation_id = desk.asked(GENERATED)
    desk.play(simulation_id)
    shown = desk.shown(simulation_id)
    desk.play(simulation_id)
    assert desk.shown(simulation_id) == shown


def test_who_asks_the_same_again_gets_the_same_simulation(desk: Desk) -> None:
    first = desk.asked(GENERATED)
    assert desk.asked(deepcopy(GENERATED)) == first
    assert desk.asked({**GENERATED, "name": "again"}) != first
    started = boto3.client("stepfunctions", region_name=REGION).list_executions(
        stateMachineArn=desk.api.environment["SIMULATION_STATE_MACHINE_ARN"]
    )
    assert len(started["executions"]) == 2


def placed(desk: Desk) -> None:
    """Ten units; on the day of the window three orders take two each, and five more units come."""
    desk.stock(day(-1), Cause.RECEIPT, on_hand=10, creates=True)
    for number in range(3):
        at = NOW + timedelta(minutes=number)
        desk.commit(at, orders=(order(f"ord_{number}", line("1", "MUG", 2), version=0),))
        desk.stock(at, Cause.ALLOCATION, reserved=2, takes_available=True)
    desk.stock(NOW + timedelta(hours=1), Cause.RECEIPT, on_hand=5)
    desk.stock(NOW + timedelta(hours=2), Cause.SHIPMENT, on_hand=-2, reserved=-2)
    desk.stock(day(5), Cause.CYCLE_COUNT, on_hand=-1)


def test_a_window_has_its_orders_as_placed_and_the_stock_from_before_them(desk: Desk) -> None:
    # GIVEN orders of the window, one of another day, a test, one that is held, and one in work
    placed(desk)
    other = order("ord_late", version=0)
    desk.commit(
        NOW,
        orders=(
            replace(other, placed_at=day(3)),
            replace(other, order_id=OrderId("ord_test"), test=True),
            replace(other, order_id=OrderId("ord_held"), hold_reason=HoldReason.FRAUD_RISK),
            order("ord_sent", line("1", "MUG", buckets={Bucket.SHIPPED: 1}), version=0),
        ),
    )
    # WHEN
    simulation_id = desk.asked(WINDOW)
    desk.take("prepare", simulation_id)
    # THEN the orders are whole again, and what they took of the stock is back
    plain = desk.document(key_of(simulation_id, "situation.json.gz"))
    found = from_plain(Situation, plain)
    units = {one.order_id: sum(x.quantity for x in one.lines) for one in found.demands}
    assert units == {"ord_0": 2, "ord_1": 2, "ord_2": 2, "ord_sent": 1}
    assert found.world.stock == {"MUG": {"RENO": 10}}
    assert [(a.at, a.location_id, a.units) for a in found.world.arrivals] == [
        (NOW + timedelta(hours=1), "RENO", 5)
    ]
    # AND no street, no town and no exact place is in it
    assert "Sacramento" not in json.dumps(plain)
    (place,) = {one.destination.coordinates for one in found.demands}
    assert place == Coordinates(38.58, -121.49)


def test_what_turns_out_too_large_is_refused_with_the_reason(desk: Desk) -> None:
    # GIVEN a window whose three orders a scenario could make three million
    placed(desk)
    rates = [{"order_rate": {"factor": 100}}] * 3
    one = {"days": 1, "orders_per_day": 1}
    simulation_id = desk.asked({**WINDOW, "scenario": {"orders": one, "changes": rates}})
    desk.play(simulation_id)
    shown = desk.shown(simulation_id)
    assert shown["status"] == "failed"
    assert shown["reason"] == "scenario: 3000000 orders are more than the 1000000 allowed"


def test_what_is_stored_comes_back_as_it_was() -> None:
    made = generate(
        (location("RENO", RENO), location("BOSTON", BOSTON)), Recipe(days=2, restock_days=1)
    )
    assert from_plain(Situation, json.loads(json.dumps(to_plain(made)))) == made
    outcome = measure("v", made, RuleSet())
    assert from_plain(Outcome, json.loads(json.dumps(to_plain(outcome)))) == outcome


def test_reading_and_asking_need_their_scopes(desk: Desk) -> None:
    reader = Identity("analyst", frozenset({"routing:read"}))
    assert desk.api.call("POST", "/simulations", SIMULATION, caller=reader).status == 403
    simulation_id = desk.asked(SIMULATION)
    path = f"/simulations/{simulation_id}"
    assert desk.api.call("GET", path, caller=reader).status == 200
    nobody = Identity("shop", frozenset({"orders:read"}))
    assert desk.api.call("GET", path, caller=nobody).status == 403


def test_a_simulation_whose_execution_was_stopped_has_failed(desk: Desk) -> None:
    simulation_id = desk.asked(GENERATED)
    machine = desk.api.environment["SIMULATION_STATE_MACHINE_ARN"]
    arn = f"{machine.replace(':stateMachine:', ':execution:')}:{simulation_id}"
    boto3.client("stepfunctions", region_name=REGION).stop_execution(executionArn=arn)
    assert desk.shown(simulation_id)["status"] == "failed"
