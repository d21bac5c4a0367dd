"""Cart reservations over HTTP, on tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dom.api.identity import Identity
from support.api import Backend, backend
from support.functions import load_function
from support.http import LambdaContext, Reply

STORE = Identity("store", frozenset({"reservations:write"}), frozenset({"RENO"}))


@pytest.fixture(scope="module")
def api() -> Iterator[Backend]:
    with backend() as made:
        made.put_location("RENO")
        made.put_location("BOSTON")
        yield made


def stock(api: Backend, sku: str, units: int, place: str = "RENO") -> None:
    assert api.call("PUT", f"/inventory/{place}/{sku}", {"on_hand": units}).status == 200


def reserve(api: Backend, sku: str, units: int, key: str = "", **rest: Any) -> Reply:
    caller = {"caller": rest.pop("caller")} if "caller" in rest else {}
    lines = [{"sku": sku, "quantity": units}]
    body = {"lines": lines, "channel": "shopify", "ttl_seconds": 600, **rest}
    headers = {"Idempotency-Key": key} if key else {}
    return api.call("POST", "/reservations", body, headers=headers, **caller)


def act(api: Backend, name: str, action: str, body: object = None) -> Reply:
    return api.call("POST", f"/reservations/{name}/{action}", body)


def reserved(api: Backend, sku: str) -> int:
    found = api.call("GET", f"/inventory/{sku}").json["positions"]
    return sum(one["reserved"] for one in found)


def ats(api: Backend, sku: str) -> int:
    return int(api.call("GET", f"/availability/{sku}", query={"channel": "shopify"}).json["ats"])


def let_pass(api: Backend, name: str) -> None:
    """Put the end of a reservation into the past, listings included."""
    from dataclasses import replace

    from dom.aws.reservation_store import ReservationStore
    from dom.model.reservation import ReservationChange

    found = ReservationStore(api.dynamodb, api.environment["INVENTORY_TABLE"]).load(name)
    assert found
    past = replace(found, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    api.commit(reservations=(ReservationChange(found, past),))


def test_a_hold_has_the_fields_of_the_contract_and_can_be_settled_once(api: Backend) -> None:
    stock(api, "MUG", 5)
    made = reserve(api, "MUG", 2)
    assert made.status == 201
    assert made.json["status"] == "held"
    assert made.json["lines"] == [{"sku": "MUG", "quantity": 2, "location_id": "RENO"}]
    assert reserved(api, "MUG") == 2
    name = made.json["reservation_id"]
    longer = act(api, name, "extend", {"ttl_seconds": 1200})
    assert longer.json["expires_at"] > made.json["expires_at"]
    assert act(api, name, "commit").json["status"] == "committed"
    again = act(api, name, "commit")
    assert (again.status, again.json["found"]) == (409, "committed")
    assert act(api, name, "release").json["status"] == "released"
    assert act(api, name, "release").status == 409
    assert reserved(api, "MUG") == 0


def test_what_is_short_is_named(api: Backend) -> None:
    stock(api, "CUP", 1)
    refused = reserve(api, "CUP", 3)
    assert refused.status == 409
    assert refused.json["type"] == "urn:dom:problem:out-of-stock"
    assert refused.json["unavailable"] == [{"sku": "CUP", "quantity": 2}]


def test_k_units_are_held_k_times(api: Backend) -> None:
    stock(api, "HOT", 3)
    assert sorted(reserve(api, "HOT", 1).status for _ in range(8)) == [201] * 3 + [409] * 5
    assert reserved(api, "HOT") == 3


def test_a_key_holds_once(api: Backend) -> None:
    stock(api, "KEY", 5)
    first = reserve(api, "KEY", 1, key="cart 1".replace(" ", "-"))
    assert reserve(api, "KEY", 1, key="cart-1").json == first.json
    assert reserve(api, "KEY", 2, key="cart-1").status == 409
    assert reserved(api, "KEY") == 1


def test_an_expired_hold_can_be_sold_at_once_and_is_swept(api: Backend) -> None:
    # GIVEN all units held by carts whose time is over, not swept yet
    stock(api, "OLD", 2)
    names = [reserve(api, "OLD", 1).json["reservation_id"] for _ in range(2)]
    for name in names:
        let_pass(api, name)
    # THEN they are promised, held, and committing the old ones is refused
    assert act(api, names[0], "commit").json["found"] == "expired"
    assert reserve(api, "OLD", 2).status == 201
    assert reserved(api, "OLD") == 2
    # WHEN that one is over as well, the sweep gives it back
    stock(api, "OLDER", 1)
    let_pass(api, reserve(api, "OLDER", 1).json["reservation_id"])
    assert ats(api, "OLDER") == 1
    swept = load_function("hold_sweeper").handler({}, LambdaContext())
    assert swept == {"due": 1, "failed": 0}
    assert reserved(api, "OLDER") == 0


def test_a_store_holds_and_settles_its_own_stock_only(api: Backend) -> None:
    stock(api, "TOY", 1)
    stock(api, "TOY", 9, "BOSTON")
    assert reserve(api, "TOY", 1, caller=STORE).status == 403
    assert reserve(api, "TOY", 1, location_id="BOSTON", caller=STORE).status == 403
    assert reserve(api, "TOY", 1, location_id="RENO", caller=STORE).status == 201
    other = reserve(api, "TOY", 1, location_id="BOSTON").json["reservation_id"]
    hidden = api.call("POST", f"/reservations/{other}/release", caller=STORE)
    assert hidden.status == 404


@pytest.mark.parametrize("path", ["res_none/commit", "nonsense/commit", "res_none/burn"])
def test_what_does_not_exist_is_not_found(api: Backend, path: str) -> None:
    assert api.call("POST", f"/reservations/{path}").status == 404


@pytest.mark.parametrize("ttl", [0, 86_401, "60"])
def test_a_time_to_live_has_bounds(api: Backend, ttl: object) -> None:
    refused = reserve(api, "MUG", 1, ttl_seconds=ttl)
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, "ttl_seconds")
