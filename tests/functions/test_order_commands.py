"""Orders cancelled, held and released over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from dom.api.identity import Identity
from dom.aws import keys
from dom.model.order import Bucket
from support.api import Backend, backend
from support.builders import line, order, work
from support.http import Reply
from support.tables import people_of

SERVICE = Identity("service", frozenset({"orders:write"}))


@pytest.fixture
def api() -> Iterator[Backend]:
    with backend() as made:
        made.commit(orders=(order("ord_a", line("1", quantity=3), version=0),))
        yield made


def do(api: Backend, action: str, body: Any = None, **rest: Any) -> Reply:
    body = {"reason": "she called"} if body is None else body
    return api.call("POST", f"/orders/ord_a/{action}", body, **{"caller": SERVICE, **rest})


def test_units_are_cancelled_and_the_order_shows_it(api: Backend) -> None:
    answer = do(api, "cancel", {"reason": "she called", "lines": [{"line_id": "1", "quantity": 2}]})
    assert answer.status == 200
    assert answer.json["lines"][0]["buckets"] == {"pending": 1, "cancelled": 2}
    assert answer.json == api.call("GET", "/orders/ord_a").json
    entry = answer.json["timeline"][-1]
    assert (entry["type"], entry["actor"]) == ("OrderCancelled", "service")
    assert do(api, "cancel").json["status"] == "cancelled"


def test_what_a_location_has_is_being_withdrawn(api: Backend) -> None:
    with_location = order("ord_b", line("1", buckets={Bucket.ALLOCATED: 1}), version=0)
    api.commit(orders=(with_location,))
    answer = api.call("POST", "/orders/ord_b/cancel", {"reason": "no"}, caller=SERVICE)
    assert (answer.json["status"], answer.json["withdrawing"]) == ("allocated", {"1": 1})


def test_a_repeated_key_cancels_once_and_is_one_callers_own(api: Backend) -> None:
    body = {"reason": "she called", "lines": [{"line_id": "1", "quantity": 1}]}
    key = {"Idempotency-Key": "k1"}
    first = do(api, "cancel", body, headers=key)
    assert do(api, "cancel", body, headers=key).json == first.json
    other = Identity("other", frozenset({"orders:write"}))
    again = do(api, "cancel", body, headers=key, caller=other)
    assert again.json["lines"][0]["buckets"] == {"pending": 1, "cancelled": 2}
    assert do(api, "hold", {**body, "request_id": "k1"}).json["status"] == "held"


def test_an_order_is_held_and_let_go(api: Backend) -> None:
    held = do(api, "hold", {"reason": "call her"}).json
    assert (held["status"], held["hold_reason"], held["hold_detail"]) == (
        "held",
        "manual",
        "call her",
    )
    twice = do(api, "hold", {"reason": "call him"})
    assert (twice.status, twice.json["found"]) == (409, "held")
    assert do(api, "release").json["status"] == "open"
    again = do(api, "release")
    assert (again.status, again.json["found"]) == (409, "open")


@pytest.mark.parametrize(
    ("action", "body", "field"),
    [
        ("cancel", {}, "reason"),
        ("cancel", {"reason": ""}, "reason"),
        ("cancel", {"reason": "x" * 201}, "reason"),
        ("cancel", {"reason": "x", "lines": []}, "lines"),
        ("cancel", {"reason": "x", "lines": [{"line_id": "1", "quantity": 0}]}, "lines.0.quantity"),
        ("cancel", {"reason": "x", "lines": [{"line_id": "1", "quantity": 1}] * 2}, "lines"),
        ("cancel", {"reason": "x", "lines": [{"line_id": "1", "quantity": 4}]}, "lines.1"),
        ("cancel", {"reason": "x", "lines": [{"line_id": "9", "quantity": 1}]}, "lines.9"),
        ("hold", {}, "reason"),
        ("release", {"reason": 7}, "reason"),
        ("hold", "[]", "body"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_done(
    api: Backend, action: str, body: Any, field: str
) -> None:
    refused = do(api, action, body)
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, field)
    assert api.call("GET", "/orders/ord_a").json["version"] == 1


def test_what_cannot_be_is_told_with_the_state_found(api: Backend) -> None:
    assert api.call("POST", "/orders/ord_x/cancel", {"reason": "x"}, caller=SERVICE).status == 404
    reader = Identity("reader", frozenset({"orders:read"}))
    assert do(api, "cancel", caller=reader).status == 403
    shipped = order("ord_c", line("1", buckets={Bucket.SHIPPED: 1}), version=0)
    api.commit(orders=(shipped,), fulfillment_orders=(work(1, version=0),))
    refused = api.call("POST", "/orders/ord_c/cancel", {"reason": "x"}, caller=SERVICE)
    assert (refused.status, refused.json["found"]) == (409, "fulfilled")


ADDRESS = {
    "country_code": "us",
    "address1": "2 New Street",
    "city": "Boise",
    "postal_code": "83702",
}


def readdress(api: Backend, body: Any) -> Reply:
    return api.call("PATCH", "/orders/ord_a/address", body, caller=SERVICE)


def test_an_order_is_sent_elsewhere_and_no_answer_says_where(api: Backend) -> None:
    answer = readdress(api, {**ADDRESS, "reason": "moved"})
    assert (answer.status, answer.json["version"]) == (200, 2)
    assert answer.json["timeline"][-1]["data"]["changed"] == ["address"]
    assert "New Street" not in str(answer.json) and "83702" not in str(answer.json)
    stored = people_of(api.environment).read("ord_a")
    assert stored and stored.data["addresses"] == {"sg1": {**ADDRESS, "country_code": "us"}}
    assert "New Street" not in str(api.item("ORDERS_TABLE", keys.personal("ord_a")))
    assert readdress(api, ADDRESS).json["version"] == 2


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "country_code"),
        ({**ADDRESS, "country_code": "USA"}, 400, "country_code"),
        ({**ADDRESS, "latitude": 91}, 400, "latitude"),
        ({**ADDRESS, "reason": "x" * 201}, 400, "reason"),
        ("no json", 400, "body"),
        ({**ADDRESS, "ship_group_id": "sg9"}, 404, ""),
    ],
)
def test_what_is_no_address_is_refused(api: Backend, body: Any, status: int, field: str) -> None:
    refused = readdress(api, body)
    assert refused.status == status
    if field:
        assert refused.json["errors"][0]["field"] == field
    assert api.call("GET", "/orders/ord_a").json["version"] == 1


def test_a_customer_says_how_to_be_told_and_takes_it_back(api: Backend) -> None:
    wanted = {"sms": True, "locale": "de-AT", "time_zone": "Europe/Vienna", "quiet": "20:00-09:30"}
    for _ in range(2):
        told = api.call("PUT", "/orders/ord_a/preferences", wanted, caller=SERVICE).json
        assert told["preferences"] == {"email": True, **wanted}
        assert told["version"] == 2
    back = api.call("PUT", "/orders/ord_a/preferences", {}, caller=SERVICE).json
    assert back["preferences"] == {
        "email": True,
        "sms": False,
        "locale": "",
        "time_zone": "",
        "quiet": "",
    }


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"quiet": "9-17"}, "quiet"),
        ({"quiet": "24:00-08:00"}, "quiet"),
        ({"locale": "german please"}, "locale"),
        ({"sms": "perhaps"}, "sms"),
        ({"phone": "+19165550100"}, "phone"),
    ],
)
def test_a_wish_that_nobody_can_follow_is_refused(
    api: Backend, body: dict[str, Any], field: str
) -> None:
    refused = api.call("PUT", "/orders/ord_a/preferences", body, caller=SERVICE)
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, field)


def test_an_order_is_expedited_and_shows_it(api: Backend) -> None:
    answer = do(api, "expedite")
    assert (answer.status, answer.json["priority"]) == (200, 100)
    entry = answer.json["timeline"][-1]
    assert (entry["type"], entry["actor"]) == ("OrderExpedited", "service")
    assert do(api, "expedite", {"reason": "x", "priority": 0}).status == 400
