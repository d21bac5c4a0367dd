"""Locations over HTTP, on tables: what routing reads must be true at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from dom.api.identity import Identity
from dom.aws import keys
from dom.aws.capacity_writes import EFFORT, LEFT, day_name
from dom.aws.places import Places
from dom.aws.product_store import DynamoProductStore
from dom.aws.stock_store import StockStore
from dom.errors import CommitRefused
from dom.model.commit import CapacityChange
from dom.model.ids import LocationId, Sku
from dom.model.product import Product
from support.api import Backend, backend
from support.bodies import LOCATION, PRODUCT

TODAY = datetime.now(UTC).date()
RENO = LocationId("RENO")


@pytest.fixture
def api() -> Iterator[Backend]:
    with backend() as made:
        yield made


def take(api: Backend, units: int, capacity: int | None) -> None:
    api.commit(capacity=(CapacityChange(RENO, TODAY, units, capacity),))


def state(api: Backend) -> dict[str, Any]:
    return api.item("NETWORK_TABLE", keys.location_state("RENO"))


def left(api: Backend) -> int | None:
    return state(api).get(day_name(LEFT, TODAY))


def test_a_location_is_stored_shown_and_listed(api: Backend) -> None:
    stored = api.put_location("RENO")
    assert (stored.status, stored.json["version"]) == (200, 1)
    assert stored.json["address"] == {"address2": "", **LOCATION["address"]}
    assert api.call("GET", "/locations/RENO").json == stored.json
    api.put_location("BOSTON")
    listed = api.call("GET", "/locations").json["locations"]
    assert [one["location_id"] for one in listed] == ["BOSTON", "RENO"]


def test_an_unknown_location_is_not_found(api: Backend) -> None:
    assert api.call("GET", "/locations/NOWHERE").status == 404


@pytest.mark.parametrize("name", ["Store 7", "gid:Location:12", "Malmö", "100%"])
def test_ids_of_other_systems_are_ids(api: Backend, name: str) -> None:
    assert api.put_location(name).json["location_id"] == name


def test_a_change_is_there_for_the_relay_to_publish(api: Backend) -> None:
    api.put_location("RENO")
    api.put_location("RENO", active=False)
    item = api.item("NETWORK_TABLE", keys.location("RENO"))
    assert (item["unrelayed"], item["version"]) == (1, 2)
    assert [(one["seq"], one["type"]) for one in item["history"]] == [
        (1, "LocationChanged"),
        (2, "LocationChanged"),
    ]
    assert item["history"][1]["data"]["changed"] == ["active"]


def test_what_the_relay_wrote_on_the_item_survives_a_change(api: Backend) -> None:
    api.put_location("RENO")
    item = api.item("NETWORK_TABLE", keys.location("RENO"))
    api.put_item("NETWORK_TABLE", {**item, "relayed_seq": 1})
    api.put_location("RENO", daily_capacity=None)
    item = api.item("NETWORK_TABLE", keys.location("RENO"))
    assert (item["relayed_seq"], item["version"]) == (1, 2)
    assert "daily_capacity" not in item


def test_a_switched_off_location_takes_nothing_from_that_moment(api: Backend) -> None:
    api.put_location("RENO")
    take(api, 1, 40)
    api.put_location("RENO", active=False)
    with pytest.raises(CommitRefused):
        take(api, 1, 40)
    api.put_location("RENO")
    take(api, 1, 40)
    assert left(api) == 38


@pytest.mark.parametrize(("capacity", "still_left"), [(50, 40), (10, 0), (5, -5), (0, -10)])
def test_a_new_capacity_leaves_what_is_taken_taken(
    api: Backend, capacity: int, still_left: int
) -> None:
    # GIVEN 10 of 40 taken today
    api.put_location("RENO")
    take(api, 10, 40)
    # WHEN
    api.put_location("RENO", daily_capacity=capacity)
    # THEN
    assert left(api) == still_left
    assert state(api)["daily_capacity"] == capacity


def test_a_new_capacity_admits_exactly_as_many_as_it_says(api: Backend) -> None:
    api.put_location("RENO", daily_capacity=2)
    take(api, 2, 2)
    api.put_location("RENO", daily_capacity=3)
    take(api, 1, 3)
    with pytest.raises(CommitRefused):
        take(api, 1, 3)


def test_unbounded_and_bounded_again_starts_a_day_afresh(api: Backend) -> None:
    api.put_location("RENO")
    take(api, 10, 40)
    api.put_location("RENO", daily_capacity=None)
    assert "daily_capacity" not in state(api)
    take(api, 500, None)
    take(api, -3, None)
    api.put_location("RENO", daily_capacity=5)
    take(api, 5, 5)
    assert left(api) == 0


def test_what_is_given_back_under_the_first_bound_leaves_the_day_all_of_it(api: Backend) -> None:
    api.put_location("RENO", daily_capacity=None)
    take(api, 10, None)
    api.put_location("RENO", daily_capacity=5)
    take(api, -1, None)
    take(api, 5, 5)
    assert left(api) == 1


def test_a_day_that_routing_begins_meanwhile_is_not_missed(api: Backend) -> None:
    # GIVEN a change of capacity that has read the state before today's first order
    api.put_location("RENO")
    store = api.functions["locations"]._store()
    read: list[Any] = []
    real = store.dynamodb.get_item

    def get_item(**request: Any) -> Any:
        answer = real(**request)
        if request["Key"]["sk"]["S"] == keys.STATE and not read:
            read.append(answer)
            take(api, 10, 40)
        return answer

    store.dynamodb.get_item = get_item
    # WHEN it is written, THEN it has counted that order too
    try:
        assert api.put_location("RENO", daily_capacity=50).status == 200
    finally:
        store.dynamodb.get_item = real
    assert read
    assert left(api) == 40


def test_a_stores_token_describes_only_its_own_location(api: Backend) -> None:
    store = Identity("store", frozenset({"locations:write"}), frozenset({"RENO"}))
    own = api.call("PUT", "/locations/RENO", LOCATION, caller=store)
    other = api.call("PUT", "/locations/BOSTON", LOCATION, caller=store)
    assert (own.status, other.status) == (200, 403)


def test_a_network_larger_than_a_page_is_listed_whole(api: Backend) -> None:
    # GIVEN more than the 1 MB that a query answers at once
    api.put_location("RENO")
    item = api.item("NETWORK_TABLE", keys.location("RENO"))
    for number in range(8):
        name = f"S{number}"
        big = {**item, **keys.location(name), "location_id": name, "note": "x" * 200_000}
        api.put_item("NETWORK_TABLE", big)
    assert len(api.call("GET", "/locations").json["locations"]) == 9


def test_writers_of_one_moment_do_not_overwrite_each_others_capacity(api: Backend) -> None:
    api.put_location("RENO")
    store = api.functions["locations"]._store()
    record = store.find("RENO")
    other = replace(record, location=replace(record.location, name="Other", version=2))
    store.save(other, record.location)
    with pytest.raises(CommitRefused):
        store.save(other, record.location)


def test_yesterday_keeps_its_own_count(api: Backend) -> None:
    api.put_location("RENO")
    yesterday = TODAY - timedelta(days=1)
    api.commit(capacity=(CapacityChange(RENO, yesterday, 4, 40),))
    api.put_location("RENO", daily_capacity=50)
    assert state(api)[day_name(LEFT, yesterday)] == 46
    assert left(api) is None


def test_a_location_keeps_what_rules_and_calendars_ask_of_it(api: Backend) -> None:
    facts = {
        "groups": ["outlet", "east"],
        "handles": ["cold"],
        "closed_weekdays": [6, 0],
        "closed_dates": ["2026-12-25"],
    }
    stored = api.put_location("RENO", **facts)
    wanted = {**facts, "groups": ["east", "outlet"], "closed_weekdays": [0, 6]}
    assert {name: stored.json[name] for name in facts} == wanted
    network = Places(api.dynamodb, api.environment["NETWORK_TABLE"]).network()
    (reno,) = network.locations
    assert reno.groups == {"east", "outlet"}
    assert reno.closed_dates == {date(2026, 12, 25)}


@pytest.mark.parametrize("weekdays", [[7], [-1], ["1"], [0, 1, 2, 3, 4, 5, 6]])
def test_a_location_is_open_on_some_day_of_the_week(api: Backend, weekdays: list[object]) -> None:
    assert api.put_location("RENO", closed_weekdays=weekdays).status == 400


def test_a_product_is_stored_shown_and_read_beside_its_stock(api: Backend) -> None:
    stored = api.call("PUT", "/products/MUG%20BLUE%2F1", PRODUCT)
    known = {"sku": "MUG BLUE/1", "part_of": [], "version": 1}
    assert (stored.status, stored.json) == (200, {**known, **PRODUCT})
    assert api.call("GET", "/products/MUG%20BLUE%2F1").json == stored.json
    stock = StockStore(api.dynamodb, api.environment["INVENTORY_TABLE"])
    units, products = stock.assortment(["MUG BLUE/1", "CUP"])
    assert units == {"MUG BLUE/1": {}, "CUP": {}}
    assert [(one.sku, one.grams, one.rejects) for one in products.values()] == [
        ("MUG BLUE/1", 450, {"RENO": 20})
    ]


def test_the_same_description_again_writes_nothing_and_another_one_replaces_it(
    api: Backend,
) -> None:
    versions = [
        api.call("PUT", "/products/MUG", body).json["version"] for body in (PRODUCT, PRODUCT, {})
    ]
    assert versions == [1, 1, 2]
    assert api.call("GET", "/products/MUG").json["grams"] == 0


def test_an_unknown_product_is_not_found(api: Backend) -> None:
    assert api.call("GET", "/products/NOTHING").status == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"grams": -1},
        {"grams": 1.5},
        {"daily_demand": -0.1},
        {"needs": [""]},
        {"rejects": {"RENO": 101}},
        {"rejects": {"a/b": 1}},
    ],
)
def test_a_product_that_cannot_be_is_refused(api: Backend, wrong: dict[str, object]) -> None:
    assert api.call("PUT", "/products/MUG", {**PRODUCT, **wrong}).status == 400
    assert api.call("GET", "/products/MUG").status == 404


def test_a_stores_token_describes_no_products(api: Backend) -> None:
    store = Identity("store", frozenset({"products:write"}), frozenset({"RENO"}))
    assert api.call("PUT", "/products/MUG", PRODUCT, caller=store).status == 403


def test_of_two_descriptions_at_once_both_are_written_one_after_the_other(api: Backend) -> None:
    store = DynamoProductStore(api.dynamodb, api.environment["INVENTORY_TABLE"])
    first = Product(Sku("MUG"), grams=1, version=1)
    assert store.save(first, None)
    assert not store.save(replace(first, grams=2), None)
    assert store.save(replace(first, grams=2, version=2), first)
    assert not store.save(replace(first, grams=3, version=2), first)
    assert store.find("MUG") == replace(first, grams=2, version=2)


def switch(api: Backend, action: str, body: object = None, **rest: Any) -> Any:
    return api.call("POST", f"/locations/RENO/{action}", body, **rest)


def test_one_that_is_switched_off_takes_nothing_from_the_same_moment_on(api: Backend) -> None:
    api.put_location("RENO", daily_capacity=5)
    places = Places(api.dynamodb, api.environment["NETWORK_TABLE"])
    assert places.network().inactive == 0
    shut = switch(api, "deactivate", {"reason": "flood"})
    assert (shut.status, shut.json["active"], shut.json["inactive_until"]) == (200, False, None)
    # Whoever still has the network in its cache is refused by the commit.
    assert places.network().inactive == 0
    with pytest.raises(CommitRefused):
        take(api, 1, 5)
    assert switch(api, "activate").json["active"] is True
    take(api, 1, 5)
    assert left(api) == 4


def test_until_a_time_it_is_off_and_then_on_for_everybody(api: Backend) -> None:
    api.put_location("RENO", daily_capacity=5)
    until = datetime.now(UTC) + timedelta(hours=1)
    shut = switch(api, "deactivate", {"until": until.isoformat()}).json
    assert (shut["active"], shut["inactive_until"][:19]) == (False, until.isoformat()[:19])
    table = api.environment["NETWORK_TABLE"]
    early, late = (
        Places(api.dynamodb, table, clock=lambda at=at: at)  # type: ignore[misc]
        for at in (until - timedelta(seconds=1), until)
    )
    assert (early.network().inactive, late.network().inactive) == (1, 0)
    assert not early.states(["RENO"])["RENO"].open and late.states(["RENO"])["RENO"].open
    assert (early.backlogs(["RENO"]), late.backlogs(["RENO"])) == ({}, {"RENO": 0})
    # WHEN somebody opens it before, or describes it anew, the time means nothing any more
    assert switch(api, "activate").json["inactive_until"] is None
    assert "closed_until" not in state(api)
    switch(api, "deactivate", {"until": until.isoformat()})
    api.put_location("RENO", active=False, daily_capacity=7)
    assert "closed_until" not in state(api)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"until": "2026-03-04T15:00:00Z"}, "until"),
        ({"until": "2999-03-04T15:00:00"}, "until"),
        ({"until": "tomorrow"}, "until"),
        ({"open_work": "burn"}, "open_work"),
        ({"reason": "x" * 201}, "reason"),
        ("[]", "body"),
    ],
)
def test_what_is_wrong_with_a_switch_is_named(api: Backend, body: object, field: str) -> None:
    api.put_location("RENO")
    refused = switch(api, "deactivate", body)
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, field)
    assert api.call("GET", "/locations/RENO").json["version"] == 1


def test_a_store_switches_itself_and_no_other(api: Backend) -> None:
    api.put_location("RENO")
    scopes = frozenset({"locations:write"})
    boston = Identity("boston", scopes, frozenset({"BOSTON"}))
    assert switch(api, "deactivate", caller=boston).status == 403
    assert (
        switch(api, "deactivate", caller=Identity("r", scopes, frozenset({"RENO"}))).status == 200
    )
    assert api.call("POST", "/locations/NOWHERE/activate").status == 404


def test_effort_is_bounded_like_slots_and_what_is_taken_stays_taken(api: Backend) -> None:
    api.put_location("RENO", daily_capacity=None, daily_effort=100)
    taken = CapacityChange(RENO, TODAY, 1, None, effort=30, daily_effort=100)
    api.commit(capacity=(taken,))
    api.put_location("RENO", daily_capacity=None, daily_effort=40)
    assert state(api)[day_name(EFFORT, TODAY)] == 10
    api.put_location("RENO", daily_capacity=None, daily_effort=None)
    assert {name for name in state(api) if "effort" in name} == set()


def test_a_location_shows_what_its_days_have_left(api: Backend) -> None:
    api.put_location("RENO", timezone="UTC", daily_capacity=40, daily_effort=100)
    yesterday = TODAY - timedelta(days=1)
    late = CapacityChange(RENO, yesterday, 2, 40)
    taken = CapacityChange(RENO, TODAY, 1, 40, effort=30, daily_effort=100)
    api.commit(capacity=(late,))
    api.commit(capacity=(taken,))
    shown = api.call("GET", "/locations/RENO/capacity").json
    assert (shown["open"], shown["today"]) == (True, TODAY.isoformat())
    assert [(one["date"], one["used"], one["left"]) for one in shown["days"]] == [
        (yesterday.isoformat(), 2, 38),
        (TODAY.isoformat(), 1, 39),
    ]
    assert [(one["effort_used"], one["effort_left"]) for one in shown["days"]] == [
        (0, 100),
        (30, 70),
    ]
    assert api.call("GET", "/locations/NOWHERE/capacity").status == 404
