"""Hand-over at the store over HTTP: what the store sees, what it must not, and what is mailed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from dom.api.identity import Identity
from dom.model.fulfillment import FulfillmentStatus
from dom.model.ids import LocationId
from dom.model.order import Bucket, Method
from support.api import Backend, backend
from support.builders import line, order, work
from support.http import Reply

SCOPES = frozenset({"fulfillments:read", "fulfillments:write"})
RENO = Identity("reno", SCOPES, frozenset({"RENO"}))
SHOP = Identity("shop", SCOPES, frozenset({"SHOP"}))


@pytest.fixture
def api() -> Iterator[Backend]:
    with backend() as made:
        for location_id in ("RENO", "SHOP"):
            made.put_location(location_id, hours="Mon-Sat 9-18", pickup_days=3)
        made.call("PUT", "/inventory/RENO/MUG", {"on_hand": 5})
        made.reserve("MUG", "RENO", 1)
        yield made


def packed(api: Backend, method: Method = Method.CURBSIDE, to: str | None = None) -> None:
    bought = line("1", buckets={Bucket.PACKED: 1})
    where = {"method": method, "to_location": LocationId(to) if to else None}
    one = work(1, FulfillmentStatus.PACKED, version=0, **where)
    api.commit(orders=(order("ord_a", bought, version=0),), fulfillment_orders=(one,))


def act(api: Backend, action: str, body: object = None, caller: Identity = RENO) -> Reply:
    return api.call("POST", f"/fulfillments/ord_a-1/{action}", body, caller=caller)


def code(api: Backend) -> str:
    codes = api.call("GET", "/orders/ord_a").json["pickup_codes"]
    return str(codes["ord_a-1"])


def test_a_store_readies_meets_and_hands_over(api: Backend) -> None:
    packed(api)
    lying = act(api, "ready").json
    assert (lying["status"], lying["arrived_at"]) == ("ready_for_pickup", None)
    assert lying["due_at"] < lying["pickup_until"]
    met = act(api, "arrive", {"bay": "3", "vehicle": "blue van", "version": lying["version"]}).json
    assert (met["status"], met["bay"], met["vehicle"]) == ("arrived", "3", "blue van")
    given = act(api, "collect", {"code": code(api)}).json
    assert (given["status"], given["vehicle"]) == ("collected", "")
    stock = api.call("GET", "/inventory/MUG").json["positions"][0]
    assert (stock["on_hand"], stock["reserved"]) == (4, 0)
    assert api.call("GET", "/orders/ord_a").json["pickup_codes"] == {}


def test_the_store_never_sees_the_code_and_no_event_holds_it(api: Backend) -> None:
    packed(api)
    answers = [act(api, "ready"), api.call("GET", "/fulfillments/ord_a-1", caller=RENO)]
    answers.append(api.call("GET", "/fulfillments", caller=RENO))
    secret = code(api)
    assert len(secret) == 6
    assert not any(f'"{secret}"' in json.dumps(answer.json) for answer in answers)
    timeline = api.call("GET", "/orders/ord_a").json["timeline"]
    assert f'"{secret}"' not in json.dumps(timeline)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (None, "code"),
        ({}, "code"),
        ({"code": "000"}, "code"),
        ({"code": "1" * 21}, "code"),
        ({"code": 123456}, "code"),
        ({"identity_checked": "yes"}, "identity_checked"),
        ({"identity_checked": True, "lines": [{"line_id": "9", "quantity": 1}]}, "lines.9"),
        ({"identity_checked": True, "lines": [{"line_id": "1", "quantity": 2}]}, "lines.1"),
    ],
)
def test_what_is_wrong_with_a_collection_is_named(api: Backend, body: object, field: str) -> None:
    packed(api)
    act(api, "ready")
    refused = act(api, "collect", body)
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, field)


def test_two_people_cannot_both_hand_it_over(api: Backend) -> None:
    packed(api)
    version = act(api, "ready").json["version"]
    body = {"identity_checked": True, "version": version}
    assert act(api, "collect", body).status == 200
    assert act(api, "collect", body).status == 409


def test_what_is_on_its_way_is_in_the_stores_list_and_no_longer_in_the_warehouses(
    api: Backend,
) -> None:
    packed(api, Method.SHIP_TO_STORE, "SHOP")
    query = {"status": "packed"}
    assert (
        api.call("GET", "/fulfillments", query=query, caller=SHOP).json["fulfillment_orders"] == []
    )
    act(api, "ship", {"parcels": [{"tracking_number": "1Z", "carrier": "UPS"}]})
    for caller, ids in ((SHOP, ["ord_a-1"]), (RENO, [])):
        found = api.call("GET", "/fulfillments", caller=caller).json["fulfillment_orders"]
        assert [one["id"] for one in found] == ids
    # WHEN the store has it, and the customer too
    assert act(api, "ready", caller=SHOP).json["status"] == "ready_for_pickup"
    assert act(api, "collect", {"code": code(api)}, caller=SHOP).json["status"] == "collected"
    positions = api.call("GET", "/inventory/MUG").json["positions"]
    left = {one["location_id"]: (one["on_hand"], one["reserved"]) for one in positions}
    assert left == {"RENO": (4, 0), "SHOP": (0, 0)}


def test_a_location_says_how_long_it_keeps_things(api: Backend) -> None:
    shown = api.call("GET", "/locations/SHOP").json
    assert (shown["hours"], shown["pickup_days"]) == ("Mon-Sat 9-18", 3)
    refused = api.put_location("SHOP", pickup_days=-1)
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, "pickup_days")
