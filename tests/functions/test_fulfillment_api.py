"""Floor work over HTTP: a store sees its own, and only legal steps are taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from dom.api.identity import Identity
from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.ids import FulfillmentOrderId, LocationId
from dom.model.order import Bucket
from support.api import Backend, backend
from support.builders import NOW, line, order, work
from support.http import Reply

SCOPES = frozenset({"fulfillments:read", "fulfillments:write"})
RENO = Identity("reno", SCOPES, frozenset({"RENO"}))
BOSTON = Identity("boston", SCOPES, frozenset({"BOSTON"}))


@pytest.fixture
def api() -> Iterator[Backend]:
    with backend() as made:
        yield made


@pytest.fixture
def released(api: Backend) -> Backend:
    """One unit of ord_a released to RENO, its stock reserved."""
    for location_id in ("RENO", "BOSTON"):
        api.put_location(location_id)
    api.call("PUT", "/inventory/RENO/MUG", {"on_hand": 5})
    api.reserve("MUG", "RENO", 1)
    allocated = line("1", buckets={Bucket.ALLOCATED: 1})
    api.commit(orders=(order("ord_a", allocated, version=0),), fulfillment_orders=(fresh(1),))
    return api


def fresh(number: int, location_id: str = "RENO", **rest: Any) -> FulfillmentOrder:
    return work(number, version=0, location_id=LocationId(location_id), **rest)


def act(api: Backend, action: str, body: object = None, caller: Identity = RENO) -> Reply:
    return api.call("POST", f"/fulfillments/ord_a-1/{action}", body, caller=caller)


def test_a_store_accepts_picks_packs_and_ships(released: Backend) -> None:
    parcel = {"tracking_number": "1Z", "carrier": "ups", "weight_grams": 700}
    for action, body, status in (
        ("accept", None, "accepted"),
        ("pick", {}, "picking"),
        ("pack", {}, "packed"),
        ("ship", {"parcels": [parcel]}, "shipped"),
    ):
        answer = act(released, action, body)
        assert (answer.status, answer.json["status"]) == (200, status)
    assert answer.json["parcels"] == [
        {**parcel, "tracking_url": "", "scan": "", "scanned_at": None}
    ]
    stock = released.call("GET", "/inventory/MUG").json["positions"][0]
    assert (stock["on_hand"], stock["reserved"]) == (4, 0)


def test_ship_alone_walks_what_is_missing(released: Backend) -> None:
    assert act(released, "ship").json["status"] == "shipped"
    assert released.call("GET", "/orders/ord_a").json["lines"][0]["buckets"] == {"shipped": 1}


def test_an_illegal_step_is_a_conflict_that_tells_the_state(released: Backend) -> None:
    act(released, "ship")
    refused = act(released, "reject", {"reason": "damaged"})
    assert (refused.status, refused.content_type) == (409, "application/problem+json")
    assert (refused.json["status"], refused.json["found"]) == (409, "shipped")


def test_a_repeated_request_changes_nothing_and_answers_the_same(released: Backend) -> None:
    first = act(released, "accept", {"request_id": "r1"})
    assert act(released, "accept", {"request_id": "r1"}).json == first.json
    key = {"Idempotency-Key": "r1"}
    again = released.call("POST", "/fulfillments/ord_a-1/accept", headers=key, caller=RENO)
    assert again.json == first.json


def test_one_key_for_two_actions_means_two_requests(released: Backend) -> None:
    act(released, "accept", {"request_id": "r1"})
    assert act(released, "pick", {"request_id": "r1"}).json["status"] == "picking"


def test_a_rejection_names_reason_and_units(released: Backend) -> None:
    body = {"reason": "NOT_IN_STOCK", "lines": [{"line_id": "1", "quantity": 1}]}
    answer = act(released, "reject", body)
    assert (answer.json["status"], answer.json["reject_reason"]) == ("rejected", "not_in_stock")
    assert released.call("GET", "/inventory/MUG").json["atp"] == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"reason": "bored"}, "reason"),
        ({"lines": []}, "lines"),
        ({"lines": [{"line_id": "1", "quantity": 0}]}, "lines.0.quantity"),
        ({"lines": [{"line_id": "1", "quantity": 1}] * 2}, "lines"),
        ({"lines": [{"line_id": "9", "quantity": 1}]}, "lines.9"),
        ({"parcels": [{"weight_grams": -1}]}, "parcels.0.weight_grams"),
        ({"expected_version": 0}, "expected_version"),
        ("[1]", "body"),
    ],
)
def test_what_is_wrong_with_an_action_is_named(released: Backend, body: object, field: str) -> None:
    refused = act(released, "reject", body)
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, field)


@pytest.mark.parametrize("action", ["explode", "ACCEPT", "accept%20"])
def test_an_unknown_action_is_not_found(released: Backend, action: str) -> None:
    assert act(released, action).status == 404


def test_another_locations_work_does_not_exist(released: Backend) -> None:
    assert act(released, "accept", caller=BOSTON).status == 404
    assert released.call("GET", "/fulfillments/ord_a-1", caller=BOSTON).status == 404
    own = released.call("GET", "/fulfillments/ord_a-1", caller=RENO)
    assert (own.status, own.json["status"]) == (200, "released")


def test_another_locations_list_is_forbidden(released: Backend) -> None:
    query = {"location_id": "RENO"}
    assert released.call("GET", "/fulfillments", query=query, caller=BOSTON).status == 403
    assert len(_listed(released, RENO, **query)) == 1


@pytest.mark.parametrize(
    "path",
    ["/fulfillments/ord_a-99", "/fulfillments/ord_a", "/fulfillments/ord_a-²", "/fulfillments/-"],
)
def test_work_that_is_not_there_is_not_found(api: Backend, path: str) -> None:
    assert api.call("GET", path).status == 404
    assert api.call("POST", f"{path}/accept").status == 404


def test_work_is_listed_by_status_oldest_first(api: Backend) -> None:
    api.commit(
        fulfillment_orders=(
            work(1, FulfillmentStatus.PACKED, version=0),
            work(2, FulfillmentStatus.RELEASED, version=0, created_at=NOW.replace(hour=16)),
            work(3, FulfillmentStatus.RELEASED, version=0),
            fresh(4, "BOSTON"),
        )
    )
    admin = Identity("admin", SCOPES)
    assert _listed(api, admin, location_id="RENO") == ["ord_a-1", "ord_a-3", "ord_a-2"]
    assert _listed(api, admin, location_id="RENO", status="released") == ["ord_a-3", "ord_a-2"]
    assert _listed(api, RENO, status="PACKED") == ["ord_a-1"]
    assert _listed(api, admin, location_id="NOWHERE") == []


def test_expedited_work_is_on_top_of_its_status_on_the_first_page_and_after_it(
    api: Backend,
) -> None:
    urgent = [fresh(number, priority=100) for number in range(60, 162)]
    for works in (urgent[:51], urgent[51:], [fresh(number) for number in range(1, 4)]):
        api.commit(fulfillment_orders=tuple(works))
    first = api.call("GET", "/fulfillments", query={"status": "released"}, caller=RENO).json
    query = {"status": "released", "next": first["next"]}
    second = api.call("GET", "/fulfillments", query=query, caller=RENO).json
    shown = first["fulfillment_orders"] + second["fulfillment_orders"]
    assert [one["priority"] for one in shown] == [100] * 102 + [0] * 3


def test_a_list_longer_than_a_page_says_where_it_goes_on(api: Backend) -> None:
    # GIVEN more work than a page holds
    works = [fresh(number) for number in range(1, 106)]
    for start in range(0, len(works), 50):
        api.commit(fulfillment_orders=tuple(works[start : start + 50]))
    # WHEN all pages are read
    first = api.call("GET", "/fulfillments", query={"status": "released"}, caller=RENO).json
    query = {"status": "released", "next": first["next"]}
    second = api.call("GET", "/fulfillments", query=query, caller=RENO).json
    # THEN nothing is missing and nothing twice
    assert (len(first["fulfillment_orders"]), second["next"]) == (100, None)
    ids = [one["id"] for one in first["fulfillment_orders"] + second["fulfillment_orders"]]
    assert sorted(ids) == sorted(one.id for one in works)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "location_id"),
        ({"location_id": "a/b"}, "location_id"),
        ({"location_id": "RENO", "status": "lost"}, "status"),
        ({"location_id": "RENO", "next": "!"}, "next"),
        ({"location_id": "RENO", "next": "YWJj"}, "next"),
        ({"location_id": "RENO", "next": "é" * 3000}, "next"),
    ],
)
def test_a_list_names_what_is_wrong_with_the_question(
    api: Backend, query: dict[str, str], field: str
) -> None:
    refused = api.call("GET", "/fulfillments", query=query)
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, field)


def test_a_cursor_of_another_status_is_refused(api: Backend) -> None:
    store = api.functions["fulfillments"]._works()
    api.commit(fulfillment_orders=(fresh(1), fresh(2)))
    page = type(store)(store.dynamodb, store.table, page=1)
    cursor = page.find(LocationId("RENO"), FulfillmentStatus.RELEASED, None).next
    query = {"status": "packed", "next": cursor}
    assert api.call("GET", "/fulfillments", query=query, caller=RENO).status == 400


def test_work_that_left_the_status_since_is_not_shown(api: Backend) -> None:
    # GIVEN an index that still says released (it follows the item by a moment)
    api.commit(fulfillment_orders=(fresh(1),))
    api.dynamodb.update_item(
        TableName="OrdersTable",
        Key={"order_id": {"S": "ord_a"}, "item": {"S": "FO#000001"}},
        UpdateExpression="SET #status = :status",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":status": {"S": "shipped"}},
    )
    assert _listed(api, RENO, status="released") == []


def _listed(api: Backend, caller: Identity, **query: str) -> list[FulfillmentOrderId]:
    answer = api.call("GET", "/fulfillments", query=query, caller=caller)
    assert answer.status == 200, answer
    return [one["id"] for one in answer.json["fulfillment_orders"]]
