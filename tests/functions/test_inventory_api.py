"""Stock over HTTP, on tables."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from dom.api.identity import Identity
from dom.aws import keys
from support.api import Backend, backend
from support.http import Reply

STORE = Identity("store", frozenset({"inventory:write", "inventory:read"}), frozenset({"RENO"}))


@pytest.fixture(scope="module")
def api() -> Iterator[Backend]:
    with backend() as made:
        for location_id in ("RENO", "BOSTON"):
            assert made.put_location(location_id).status == 200
        yield made


def put(api: Backend, location_id: str, sku: str, **body: object) -> Reply:
    return api.call("PUT", f"/inventory/{quote(location_id)}/{quote(sku, safe='')}", body)


def get(api: Backend, sku: str) -> Reply:
    return api.call("GET", f"/inventory/{quote(sku, safe='')}")


@pytest.mark.parametrize("sku", ["MUG", "MUG BLUE/1", "50%/A%2FB", "#1", "Blå+mugg", "☕️", "'\"<>"])
def test_a_position_shows_right_after_it_was_set(api: Backend, sku: str) -> None:
    assert put(api, "RENO", sku, on_hand=10, safety_stock=2).json == {
        "sku": sku,
        "location_id": "RENO",
        "on_hand": 10,
        "unsellable": 0,
        "reserved": 0,
        "safety_stock": 2,
        "available": 8,
        "atp": 8,
        "version": 1,
    }
    put(api, "BOSTON", sku, on_hand=1)
    found = get(api, sku)
    assert found.status == 200
    assert [one["location_id"] for one in found.json["positions"]] == ["BOSTON", "RENO"]
    assert (found.json["sku"], found.json["atp"]) == (sku, 9)


def test_atp_is_never_negative_however_much_is_reserved(api: Backend) -> None:
    put(api, "RENO", "SOLD", on_hand=5)
    put(api, "BOSTON", "SOLD", on_hand=3)
    api.reserve("SOLD", "RENO", 4)
    assert put(api, "RENO", "SOLD", on_hand=1).json["available"] == -3
    found = get(api, "SOLD").json
    assert (found["atp"], found["positions"][1]["reserved"]) == (3, 4)


def test_a_safety_stock_that_is_not_named_stays(api: Backend) -> None:
    put(api, "RENO", "SAFE", on_hand=5, safety_stock=2)
    assert put(api, "RENO", "SAFE", on_hand=9).json["safety_stock"] == 2
    assert put(api, "RENO", "SAFE", on_hand=9, safety_stock=0).json["safety_stock"] == 0


def test_the_movements_of_a_position_add_up_to_it(api: Backend) -> None:
    for on_hand in (7, 3, 3, 11):
        put(api, "RENO", "LEDGER", on_hand=on_hand)
    rows = api.dynamodb.scan(TableName="InventoryTable")["Items"]
    moved = [int(row["on_hand"]["N"]) for row in rows if row["pk"]["S"].startswith("LEDGER#RENO#")]
    assert (sorted(moved), sum(moved)) == ([-4, 7, 8], 11)


def test_an_unknown_sku_is_nowhere_and_none_of_it_can_be_promised(api: Backend) -> None:
    assert get(api, "GHOST").json == {"sku": "GHOST", "positions": [], "atp": 0}


def test_an_unknown_location_is_named(api: Backend) -> None:
    refused = put(api, "NOWHERE", "MUG", on_hand=1)
    assert (refused.status, refused.content_type) == (404, "application/problem+json")
    assert refused.json["detail"] == "location NOWHERE does not exist"
    assert api.item("INVENTORY_TABLE", keys.position("MUG", "NOWHERE")) == {}


def test_a_store_counts_its_own_shelves_only(api: Backend) -> None:
    own = api.call("PUT", "/inventory/RENO/TOY", {"on_hand": 1}, caller=STORE)
    other = api.call("PUT", "/inventory/BOSTON/TOY", {"on_hand": 1}, caller=STORE)
    assert (own.status, other.status) == (200, 403)


def test_reading_is_not_writing(api: Backend) -> None:
    reader = Identity("reader", frozenset({"inventory:read"}))
    refused = api.call("PUT", "/inventory/RENO/MUG", {"on_hand": 1}, caller=reader)
    assert (refused.status, refused.json["detail"]) == (403, "this needs the scope inventory:write")


def test_a_sku_that_no_key_can_hold_is_refused(api: Backend) -> None:
    assert put(api, "RENO", "x" * 1201, on_hand=1).status == 400
    assert put(api, "RENO", "a\nb", on_hand=1).status == 400


def test_a_sku_at_hundreds_of_locations_is_read_whole(api: Backend) -> None:
    # GIVEN more positions than one batch read takes
    names = [f"S{number:03}" for number in range(130)]
    document = {"sku": "WIDE", "version": 1, "locations": dict.fromkeys(names, 2)}
    api.put_item("INVENTORY_TABLE", {**keys.availability("WIDE"), **document})
    for name in names:
        position = {"sku": "WIDE", "location_id": name, "on_hand": 2, "version": 1}
        api.put_item("INVENTORY_TABLE", {**keys.position("WIDE", name), **position})
    # WHEN / THEN
    found = get(api, "WIDE").json
    assert [one["location_id"] for one in found["positions"]] == names
    assert found["atp"] == 260
