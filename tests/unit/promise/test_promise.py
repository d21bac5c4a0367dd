"""A promise is what routing would do now, told before anybody has bought."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dom.model.cart import Cart, CartLine, Option, Promise
from dom.model.commit import Commit
from dom.model.geo import Coordinates
from dom.model.ids import Sku
from dom.model.location import Capability, Location, LocationType
from dom.model.order import Bucket, HoldReason, Method, OrderLine
from dom.model.overlay import Change, Rule
from dom.model.product import Product
from dom.model.rules import RuleSet, Service
from dom.model.scope import When, Where
from dom.promise.promise import promise
from dom.routing.ports import Routing
from dom.routing.route import route
from support.builders import BOSTON, NOW, RENO, line, location, order
from support.promises import HOME, Shop

NEARBY = Coordinates(38.60, -121.40)
PACIFIC = ZoneInfo("America/Los_Angeles")


def store(name: str, place: Coordinates | None = NEARBY, **rest: Any) -> Location:
    return location(name, place, type=LocationType.STORE, **rest)


def warehouse(name: str, place: Coordinates | None = RENO, **rest: Any) -> Location:
    return location(name, place, capabilities=frozenset({Capability.SHIP}), **rest)


def by_method(found: Promise) -> dict[str, list[Option]]:
    grouped: dict[str, list[Option]] = {}
    for option in found.options:
        grouped.setdefault(option.method.value, []).append(option)
    return grouped


def test_a_cart_is_shipped_from_where_routing_would_send_it() -> None:
    # GIVEN a mug near and far
    shop = Shop((warehouse("RENO"), warehouse("BOSTON", BOSTON)))
    shop.ledger.stock("MUG", "RENO", 5)
    shop.ledger.stock("MUG", "BOSTON", 5)
    # WHEN it is promised, and then bought
    (option,) = shop.promise(("MUG", 1)).options
    shop.ledger.orders["ord_a"] = order("ord_a", line("1"))
    ports = shop.ports
    route(
        ["ord_a"],
        Routing(shop.ledger, shop.ledger, shop.places, shop.ledger, ports.clock, ports.rules),
    )
    # THEN the work is the promise
    (work,) = shop.ledger.works.values()
    assert option.method is Method.SHIP
    assert option.location_ids == (work.location_id,) == ("RENO",)
    assert (option.delivers_by, option.cost, option.co2e_grams) == (
        work.delivers_by,
        work.cost,
        work.co2e_grams,
    )


def test_a_store_nearby_offers_everything_it_can() -> None:
    shop = Shop((store("NEAR"),))
    shop.ledger.stock("MUG", "NEAR", 2)
    found = by_method(shop.promise(("MUG", 2)))
    assert set(found) == {"ship", "same_day", "pickup", "curbside"}
    assert all(option.lines == (("MUG", 2),) for (option,) in found.values())
    assert found["pickup"][0].co2e_grams == 0
    assert found["ship"][0].co2e_grams > found["pickup"][0].co2e_grams
    assert all(option.ships_by <= option.delivers_by for (option,) in found.values())


def test_what_a_store_has_not_can_be_sent_there_for_collection() -> None:
    shop = Shop((store("NEAR"), warehouse("BOSTON", BOSTON)))
    shop.ledger.stock("MUG", "BOSTON", 2)
    found = by_method(shop.promise(("MUG", 2)))
    assert set(found) == {"ship", "ship_to_store"}
    (sent,) = found["ship_to_store"]
    assert sent.location_ids == ("BOSTON",)
    assert sent.cost.amount > 0
    assert sent.delivers_by > found["ship"][0].ships_by


def test_a_promise_keeps_to_the_rules_of_its_channel_and_tier() -> None:
    for when in (When(channels=frozenset({"app"})), When(tiers=frozenset({"gold"}))):
        away = Rule("away", Change(exclude=True), when, Where(locations=frozenset({"RENO"})))  # type: ignore[arg-type]
        shop = Shop((warehouse("RENO"), warehouse("BOSTON", BOSTON)), rules=RuleSet(rules=(away,)))
        for place in ("RENO", "BOSTON"):
            shop.ledger.stock("MUG", place, 1)
        cart = Cart((CartLine(Sku("MUG"), 1),), HOME, channel="app", tier="gold")
        named = [
            promise(asked, shop.ports).options[0].location_ids
            for asked in (cart, replace(cart, channel="", tier=""))
        ]
        assert named == [("BOSTON",), ("RENO",)]


def test_a_product_weighs_what_is_known_of_it() -> None:
    shop = Shop((warehouse("RENO"),))
    shop.ledger.stock("MUG", "RENO", 1)
    cart = Cart((CartLine(Sku("MUG"), 1),), HOME)
    (light,) = promise(cart, shop.ports).options
    shop.ledger.describe(Product(Sku("MUG"), grams=9_000))
    (heavy,) = promise(cart, shop.ports).options
    assert heavy.cost.amount > light.cost.amount


def test_what_nobody_has_is_named_and_the_rest_is_promised() -> None:
    shop = Shop((warehouse("RENO"),))
    shop.ledger.stock("MUG", "RENO", 2)
    found = shop.promise(("MUG", 3), ("CUP", 1))
    (option,) = found.options
    assert option.lines == (("MUG", 2),)
    assert found.unavailable == (("MUG", 1), ("CUP", 1))


def test_a_cart_without_any_stock_has_no_option() -> None:
    found = Shop((store("NEAR"),)).promise(("MUG", 1))
    assert (found.options, found.unavailable) == ((), (("MUG", 1),))


def test_the_same_sku_in_two_lines_is_never_counted_twice() -> None:
    shop = Shop((store("NEAR"),))
    shop.ledger.stock("MUG", "NEAR", 3)
    found = shop.promise(("MUG", 2), ("MUG", 2))
    assert "pickup" not in by_method(found)
    assert found.unavailable == (("MUG", 1),)


def test_three_and_three_make_five_in_two_parcels() -> None:
    shop = Shop((warehouse("RENO"), warehouse("BOSTON", BOSTON)))
    shop.ledger.stock("MUG", "RENO", 3)
    shop.ledger.stock("MUG", "BOSTON", 3)
    found = shop.promise(("MUG", 5))
    assert sorted(found.options[0].location_ids) == ["BOSTON", "RENO"]
    assert (found.options[0].lines, found.unavailable) == ((("MUG", 5),), ())


def test_the_nearest_three_stores_with_everything_are_shown_nearest_first() -> None:
    stores = [store(f"S{n}", Coordinates(38.6, -121.4 + n / 10)) for n in range(5)]
    shop = Shop(tuple(stores))
    for one in stores:
        shop.ledger.stock("MUG", one.location_id, 1)
        shop.ledger.stock("CUP", one.location_id, 0 if one.location_id == "S1" else 1)
    found = by_method(shop.promise(("MUG", 1), ("CUP", 1)))
    assert [option.location_ids for option in found["pickup"]] == [("S0",), ("S2",), ("S3",)]


def test_a_store_too_far_for_a_courier_still_ships() -> None:
    shop = Shop((store("FAR", BOSTON),))
    shop.ledger.stock("MUG", "FAR", 1)
    assert "same_day" not in by_method(shop.promise(("MUG", 1)))
    assert "ship" in by_method(shop.promise(("MUG", 1)))


@pytest.mark.parametrize(("minute", "offered"), [(0, True), (1, False)])
def test_same_day_ends_with_the_stores_cutoff(minute: int, offered: bool) -> None:
    # GIVEN a store that hands over until 14:00 of its own time
    now = datetime(2026, 3, 4, 14, minute, tzinfo=PACIFIC).astimezone(UTC)
    shop = Shop((store("NEAR"),), now=now)
    shop.ledger.stock("MUG", "NEAR", 1)
    found = by_method(shop.promise(("MUG", 1)))
    # THEN after it there is no courier, and pickup is ready tomorrow
    assert ("same_day" in found) is offered
    ready = found["pickup"][0].delivers_by.astimezone(PACIFIC).date()
    assert ready == date(2026, 3, 4 if offered else 5)


def test_nothing_is_handed_over_on_a_holiday() -> None:
    rules = RuleSet(service=Service(holidays=frozenset({date(2026, 3, 4)})))
    shop = Shop((store("NEAR"),), rules=rules)
    shop.ledger.stock("MUG", "NEAR", 1)
    found = by_method(shop.promise(("MUG", 1)))
    assert "same_day" not in found
    assert found["ship"][0].ships_by.astimezone(PACIFIC).date() == date(2026, 3, 5)


def test_a_closed_location_promises_nothing_though_the_network_still_thinks_it_open() -> None:
    shop = Shop((warehouse("RENO"), warehouse("BOSTON", BOSTON)))
    shop.ledger.stock("MUG", "RENO", 5)
    shop.ledger.stock("MUG", "BOSTON", 5)
    shop.ledger.states["RENO"]["open"] = False
    assert shop.promise(("MUG", 1)).options[0].location_ids == ("BOSTON",)


def test_a_location_without_capacity_left_today_promises_nothing() -> None:
    shop = Shop((warehouse("RENO", daily_capacity=3),))
    shop.ledger.stock("MUG", "RENO", 5)
    shop.ledger.states["RENO"]["left#2026-03-04"] = 0
    found = shop.promise(("MUG", 1))
    assert (found.options, found.unavailable) == ((), (("MUG", 1),))


def test_states_are_read_once_and_only_of_the_locations_that_are_named() -> None:
    shop = Shop(tuple(warehouse(f"W{n:02}") for n in range(50)))
    for n in range(50):
        shop.ledger.stock("MUG", f"W{n:02}", 1)
    shop.promise(("MUG", 1))
    assert shop.places.reads == [["W00"]]


def test_of_a_hundred_full_locations_the_one_that_is_not_is_found() -> None:
    shop = Shop(tuple(warehouse(f"W{n:03}", daily_capacity=1) for n in range(100)))
    for n in range(100):
        shop.ledger.stock("MUG", f"W{n:03}", 1)
        if n != 77:
            shop.ledger.states[f"W{n:03}"]["left#2026-03-04"] = 0
    assert shop.promise(("MUG", 1)).options[0].location_ids == ("W077",)
    assert len(shop.places.reads) <= 3


def test_ats_sums_what_open_locations_can_promise() -> None:
    # GIVEN stock, safety stock, a closed store, and one that oversold at its till
    shop = Shop((warehouse("A"), warehouse("B"), warehouse("OFF", active=False), warehouse("OVER")))
    shop.ledger.stock("MUG", "A", 20, safety_stock=4)
    shop.ledger.stock("MUG", "B", 20, reserved=5)
    shop.ledger.stock("MUG", "OFF", 20)
    shop.ledger.stock("MUG", "OVER", 1, reserved=3)
    # THEN
    assert shop.ats("MUG") == 16 + 15
    assert shop.ats("GHOST") == 0


def test_an_unknown_place_is_promised_the_slowest_way_and_no_courier() -> None:
    shop = Shop((store("NEAR"),))
    shop.ledger.stock("MUG", "NEAR", 1)
    known = by_method(shop.promise(("MUG", 1)))
    unknown = by_method(
        shop.promise(("MUG", 1), to=replace(HOME, postal_code="", coordinates=None))
    )
    assert "same_day" not in unknown
    assert unknown["ship"][0].delivers_by > known["ship"][0].delivers_by


def queued(shop: Shop, *lines: OrderLine, **rest: Any) -> None:
    """An order that waits for a location, written as intake does."""
    name = f"ord_{len(shop.ledger.orders)}"
    one = order(name, *lines, version=0, **rest)
    shop.ledger.commit(Commit(name, NOW, "test", orders=(one,)))


def test_what_is_sold_and_waits_is_not_sold_again() -> None:
    # GIVEN five, of which a held order wants two and a backorder one
    shop = Shop((store("NEAR"), store("FAR")))
    shop.ledger.stock("MUG", "NEAR", 3)
    shop.ledger.stock("MUG", "FAR", 2)
    queued(shop, line("1", "MUG", 2), hold_reason=HoldReason.FRAUD_RISK)
    queued(shop, line("1", "MUG", 1, buckets={Bucket.BACKORDERED: 1}))
    # THEN two are left to sell, wherever they are
    assert shop.ats("MUG") == 2
    assert shop.promise(("MUG", 2)).unavailable == ()
    over = shop.promise(("MUG", 3), ("MUG", 1))
    assert over.unavailable == (("MUG", 2),)
    assert all(option.lines == (("MUG", 2),) for option in over.options)
    queued(shop, line("1", "MUG", 4))
    assert shop.ats("MUG") == 0
    assert shop.promise(("MUG", 1)) == Promise((), (("MUG", 1),))


def test_ats_of_the_fields_own_examples() -> None:
    # HotWax: safety stock 2 at each of four, and 5 queued.
    shop = Shop(tuple(warehouse(f"S{n}") for n in range(4)))
    for n in range(4):
        shop.ledger.stock("MUG", f"S{n}", 25, safety_stock=2)
    queued(shop, line("1", "MUG", 5))
    assert shop.ats("MUG") == 87
    # IBM: supply 4, safety 2, demand 3.
    shop = Shop((warehouse("A"),))
    shop.ledger.stock("MUG", "A", 4, safety_stock=2)
    queued(shop, line("1", "MUG", 3))
    assert shop.ats("MUG") == 0
