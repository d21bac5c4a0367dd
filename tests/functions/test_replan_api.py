"""The re-plan over HTTP and as the state machine's task, on tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import boto3
import pytest
from dom.api.identity import Identity
from dom.aws import keys
from dom.model.commit import Commit
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, FulfillmentStatus
from dom.model.ids import FulfillmentOrderId, LocationId, OrderId, Sku
from dom.model.money import Money
from dom.model.order import Bucket, Method
from dom.model.stock import Cause, StockChange
from support.api import Backend, backend
from support.bodies import LOCATION
from support.builders import line, order
from support.functions import load_function
from support.http import LambdaContext
from support.tables import REGION

BOSTON = {**LOCATION["address"], "latitude": 42.36, "longitude": -71.06}
NUMBERS = iter(range(1, 1000))


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    monkeypatch.setenv("RELEASE_DELAY_SECONDS", "7200")
    with backend() as made:
        made.put_location("RENO", type="warehouse")
        made.put_location("BOSTON", type="warehouse", address=BOSTON)
        yield made


def stock(api: Backend, sku: str, **units: int) -> None:
    for place, on_hand in units.items():
        path = f"/inventory/{place}/{quote(sku, safe='')}"
        assert api.call("PUT", path, {"on_hand": on_hand}).status == 200


def waits(api: Backend, place: str = "BOSTON", sku: str = "MUG") -> str:
    """An order of one unit that waits at the place; the id of its work."""
    number = next(NUMBERS)
    order_id = OrderId(f"ord_{number}")
    bought = line("1", sku, buckets={Bucket.ALLOCATED: 1})
    now = datetime.now(UTC)
    work = FulfillmentOrder(
        FulfillmentOrderId(f"{order_id}-1"),
        order_id,
        "sg1",
        LocationId(place),
        Method.SHIP,
        FulfillmentStatus.ASSIGNED,
        (FulfillmentLine("1", Sku(sku), 1),),
        Money(899, "USD"),
        delivers_by=now + timedelta(days=9),
        created_at=now,
        due_at=now + timedelta(hours=1),
    )
    placed = order(order_id, bought, version=0, fulfillment_orders=1)
    held = StockChange(Sku(sku), work.location_id, Cause.ALLOCATION, reserved=1)
    facts = {"orders": (placed,), "fulfillment_orders": (work,), "stock": (held,)}
    api.ledger.commit(Commit(f"route-{order_id}", now, "test", **facts))  # type: ignore[arg-type]
    return work.id


def test_a_dry_run_says_what_would_move_from_where_to_where_and_what_it_saves(api: Backend) -> None:
    stock(api, "MUG", BOSTON=1)
    work = waits(api)
    stock(api, "MUG", RENO=1)
    told = api.call("POST", "/replan")
    assert told.status == 200
    (move,) = told.json["moves"]
    assert move["ends"] == [
        {
            "fulfillment_order_id": work,
            "location_id": "BOSTON",
            "lines": [{"line_id": "1", "sku": "MUG", "quantity": 1}],
        }
    ]
    assert [one["location_id"] for one in move["begins"]] == ["RENO"]
    assert move["saved"]["amount"] == told.json["saved"] > 500
    assert (told.json["committed"], move["forced"], told.json["next"]) == (False, False, None)
    assert told.json["bound"] <= told.json["cost"]
    assert api.item("ORDERS_TABLE", keys.fulfillment_order(work))["status"] == "assigned"


def test_commit_moves_it_once(api: Backend) -> None:
    stock(api, "MUG", BOSTON=1)
    work = waits(api)
    stock(api, "MUG", RENO=1)
    done = api.call("POST", "/replan", {"commit": True})
    assert done.json["committed"] is True and len(done.json["moves"]) == 1
    order_id = work.removesuffix("-1")
    found = api.call("GET", f"/orders/{order_id}").json
    works = {one["id"]: one for one in found["fulfillment_orders"]}
    assert works[work]["status"] == "cancelled" and works[work]["cancel_reason"] == "replanned"
    assert works[f"{order_id}-2"]["location_id"] == "RENO"
    assert found["decisions"][-1]["replaces"] == [work]
    assert found["decisions"][-1]["saved"] == done.json["saved"]
    positions = {
        one["location_id"]: one["reserved"]
        for one in api.call("GET", "/inventory/MUG").json["positions"]
    }
    assert positions == {"BOSTON": 0, "RENO": 1}
    assert api.call("POST", "/replan", {"commit": True}).json["moves"] == []


def test_its_decision_can_be_asked_why_and_why_not_like_any_other(api: Backend) -> None:
    stock(api, "MUG", BOSTON=1)
    order_id = waits(api).removesuffix("-1")
    stock(api, "MUG", RENO=1)
    api.call("POST", "/replan", {"commit": True})
    record = api.call("GET", f"/orders/{order_id}/decision").json["decision"]
    assert (record["kind"], record["replayable"], record["by_solver"]) == ("replanned", True, False)
    (parcel,) = record["chosen"]
    assert parcel["fulfillment_order_id"] == f"{order_id}-2"
    assert record["cost"] == parcel["cost"] == sum(parcel["terms"].values())
    assert [one["location_id"] for one in record["candidates"]] == ["RENO", "BOSTON"]
    why = api.call("GET", f"/orders/{order_id}/decision/why").json
    assert (why["verdict"], why["replay"], why["alternative"]["location_ids"]) == (
        "chosen",
        "identical",
        ["BOSTON"],
    )
    not_boston = api.call(
        "GET", f"/orders/{order_id}/decision/why", query={"location_id": "BOSTON"}
    ).json
    assert (not_boston["verdict"], not_boston["replay"]) == ("not_best", "identical")
    assert not_boston["alternative"]["extra"] == record["saved"]


def test_without_the_archive_work_is_moved_and_why_says_what_is_missing(
    api: Backend, capsys: pytest.CaptureFixture[str]
) -> None:
    stock(api, "MUG", BOSTON=1)
    order_id = waits(api).removesuffix("-1")
    stock(api, "MUG", RENO=1)
    boto3.client("s3", region_name=REGION).delete_bucket(Bucket="raw")
    assert task({"task": "replan", "location_ids": ["BOSTON"]})["location_ids"] == []
    assert '"InputsNotKept":[1.0]' in capsys.readouterr().out
    record = api.call("GET", f"/orders/{order_id}/decision").json["decision"]
    assert (record["replayable"], record["chosen"][0]["location_id"]) == (False, "RENO")
    answer = api.call("GET", f"/orders/{order_id}/decision/why")
    assert answer.status == 409 and "were not kept" in answer.json["detail"]


def test_the_caller_sets_locations_limit_and_threshold(api: Backend) -> None:
    stock(api, "MUG", BOSTON=2)
    waits(api)
    waits(api)
    stock(api, "MUG", RENO=2)
    assert api.call("POST", "/replan", {"location_ids": ["RENO"]}).json["fulfillment_orders"] == 0
    few = api.call("POST", "/replan", {"threshold": 100_000}).json
    assert (few["moves"], few["kept"]) == ([], {"saves too little": 2})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"location_ids": []}, "location_ids"),
        ({"location_ids": ["a/b"]}, "location_id"),
        ({"limit": 0}, "limit"),
        ({"threshold": -1}, "threshold"),
        ({"commit": "yes"}, "commit"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "x", "location_ids": ["RENO"]}, "next"),
    ],
)
def test_what_makes_no_sense_is_refused(api: Backend, body: dict[str, Any], field: str) -> None:
    refused = api.call("POST", "/replan", body)
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, field)


@pytest.mark.parametrize(
    "identity",
    [
        Identity("reader", frozenset({"orders:read"})),
        Identity("store", frozenset({"routing:write"}), frozenset({"RENO"})),
    ],
    ids=["without the scope", "of one location"],
)
def test_only_who_may_route_everywhere_may_ask(api: Backend, identity: Identity) -> None:
    assert api.call("POST", "/replan", {}, caller=identity).status == 403


def task(event: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = load_function("replan").handler(event, LambdaContext())
    return found


def test_the_task_plans_a_part_and_says_what_is_left_of_it(
    api: Backend, capsys: pytest.CaptureFixture[str]
) -> None:
    stock(api, "MUG", BOSTON=1)
    waits(api)
    stock(api, "MUG", RENO=1)
    parts = task({"task": "partition"})["parts"]
    assert parts == [{"location_ids": ["BOSTON", "RENO"]}]
    assert task({"task": "replan", **parts[0]}) == {"location_ids": [], "cursor": None}
    told = capsys.readouterr().out
    assert '"ReplanMoved":[1.0]' in told and '"ReplanLooked":[1.0]' in told


def test_a_closed_location_is_planned_by_its_id(api: Backend) -> None:
    stock(api, "MUG", RENO=1)
    work = waits(api, "RENO")
    stock(api, "MUG", BOSTON=1)
    api.put_location("RENO", type="warehouse", active=False)
    task({"task": "replan", "location_ids": ["RENO"]})
    assert api.item("ORDERS_TABLE", keys.fulfillment_order(work))["status"] == "cancelled"
    moved = f"{work.removesuffix('-1')}-2"
    assert api.item("ORDERS_TABLE", keys.fulfillment_order(moved))["location_id"] == "BOSTON"


def test_work_is_given_away_in_the_name_of_who_says_so(api: Backend) -> None:
    stock(api, "MUG", BOSTON=1)
    work = waits(api)
    stock(api, "MUG", RENO=1)
    path, body = f"/fulfillments/{work}/reassign", {"location_id": "RENO", "reason": "Flooded"}
    given = api.call("POST", path, {**body, "request_id": "r1"})
    assert given.status == 200, given.json
    assert given.json["location_id"] == "RENO"
    again = api.call("POST", path, {**body, "request_id": "r1"})
    assert again.json["id"] == given.json["id"]
    refused = api.call("POST", path, body)
    assert (refused.status, refused.json["found"]) == (409, "cancelled")
    record = api.call("GET", f"/orders/{given.json['order_id']}/decision").json["decision"]
    assert (record["kind"], record["replaces"], record["replayable"]) == ("by_hand", [work], False)
    assert record["why"] == f"given to RENO by {record['actor']}: Flooded"
