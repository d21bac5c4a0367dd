"""Routing decisions over HTTP: what is on record, why, and why not."""

from __future__ import annotations

import json
from collections.abc import Iterator

import boto3
import pytest
from dom.api.identity import Identity
from dom.aws.wiring import archive
from dom.model.decision import RoutingDecision
from dom.routing.route import route
from dom.settings import from_environment
from support.api import Backend, backend
from support.archive import Desk
from support.builders import order
from support.http import Reply
from support.tables import REGION

READER = Identity("desk", frozenset({"orders:read"}))


@pytest.fixture
def api() -> Iterator[Backend]:
    with backend() as made:
        yield made


@pytest.fixture
def decided(api: Backend) -> RoutingDecision:
    """Boston or Reno could have sent the order, Reno does; its inputs are in the bucket."""
    desk = Desk()
    desk.archive = archive(from_environment())
    desk.route(order())
    for place, units in {"RENO": 9, "BOSTON": 9}.items():
        desk.ledger.stock("MUG", place, units)
    route(["ord_a"], desk.ports())
    stored = order(version=0)
    api.commit(orders=(stored,), decisions=tuple(desk.ledger.decisions.values()))
    return desk.ledger.decisions["ord_a-sg1-2"]


def get(api: Backend, rest: str = "", caller: Identity = READER, **query: str) -> Reply:
    return api.call("GET", f"/orders/ord_a/decision{rest}", query=query, caller=caller)


def test_the_latest_decision_is_on_record_and_all_are_named(
    api: Backend, decided: RoutingDecision
) -> None:
    answer = get(api)
    assert answer.status == 200
    record = answer.json["decision"]
    assert (record["id"], record["kind"], record["outcome"]) == (
        "ord_a-sg1-2",
        "routed",
        "allocated",
    )
    assert [one["id"] for one in answer.json["decisions"]] == ["ord_a-sg1-1", "ord_a-sg1-2"]
    chosen, second = record["candidates"][:2]
    assert chosen["cost"] == sum(chosen["terms"].values()) == record["cost"]
    assert second["cost"] - chosen["cost"] == record["runner_up"]["extra"]
    assert record["chosen"][0]["fulfillment_order_id"] == "ord_a-1"
    assert record["replayable"] is True
    assert record["inputs"]["solve"] == decided.evidence.solve


def test_a_decision_is_found_by_its_id_or_its_ship_group(
    api: Backend, decided: RoutingDecision
) -> None:
    first = get(api, decision_id="ord_a-sg1-1").json["decision"]
    assert (first["outcome"], first["runner_up"]) == ("backordered", None)
    assert get(api, ship_group_id="sg1").json["decision"]["id"] == decided.id
    assert get(api, decision_id="ord_a-sg9-9").status == 404
    assert get(api, ship_group_id="sg2").status == 404


def test_why_tells_the_plan_and_that_it_was_decided_again_to_the_byte(
    api: Backend, decided: RoutingDecision
) -> None:
    answer = get(api, "/why")
    assert (answer.status, answer.json["verdict"], answer.json["replay"]) == (
        200,
        "chosen",
        "identical",
    )
    assert answer.json["text"].startswith(decided.why)
    assert answer.json["alternative"]["location_ids"] == ["BOSTON"]


def test_why_not_another_location(api: Backend, decided: RoutingDecision) -> None:
    found = get(api, "/why", location_id="BOSTON").json
    assert (found["verdict"], found["lines"], found["units"]) == ("not_best", [1, 1], [1, 1])
    assert found["alternative"]["extra"] == sum(
        one["extra"] for one in found["alternative"]["terms"]
    )
    assert [one["parameter"] for one in found["changes"]] == ["price", "distance"]
    assert get(api, "/why", location_id="DALLAS").json["verdict"] == "no_stock"


def test_a_location_that_was_not_there_then_is_refused_by_name(
    api: Backend, decided: RoutingDecision
) -> None:
    answer = get(api, "/why", location_id="ATLANTIS")
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == "location_id"


def test_inputs_that_expired_are_a_409_that_says_so(api: Backend, decided: RoutingDecision) -> None:
    s3 = boto3.client("s3", region_name=REGION)
    s3.delete_object(Bucket="raw", Key=f"decisions/{decided.evidence.solve}")
    answer = get(api, "/why")
    assert (answer.status, answer.json["type"]) == (409, "urn:dom:problem:not-replayable")
    assert "were deleted" in answer.json["detail"]
    # What is on record is still told.
    assert get(api).status == 200


def test_a_decision_from_before_inputs_were_kept_is_on_record_all_the_same(api: Backend) -> None:
    from support.builders import NOW

    old = RoutingDecision("ord_a-sg1-1", order().order_id, "sg1", NOW, "1", 1, "allocated", "near")
    api.commit(orders=(order(version=0),), decisions=(old,))
    assert get(api).json["decision"]["replayable"] is False
    assert (get(api, "/why").status, get(api, "/why").json["status"]) == (409, 409)


def test_an_order_that_is_unknown_or_not_decided_yet_is_a_404_that_tells_which(
    api: Backend,
) -> None:
    assert "order ord_a" in get(api).json["detail"]
    api.commit(orders=(order(version=0),))
    assert "decision of order ord_a" in get(api).json["detail"]


def test_only_who_may_read_orders_may_ask(api: Backend, decided: RoutingDecision) -> None:
    nobody = Identity("x", frozenset({"promise:read"}))
    assert get(api, caller=nobody).status == 403
    assert get(api, "/why", caller=nobody).status == 403


def test_no_address_is_in_the_answers(api: Backend, decided: RoutingDecision) -> None:
    told = json.dumps([get(api).json, get(api, "/why", location_id="BOSTON").json])
    assert "95814" not in told and "Sacramento" not in told
