"""Customers of pre-orders are told the day of the release, and each later one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest
from dom.fulfillment.foresee import foresee
from dom.fulfillment.look_along import Horizon, look_along
from dom.fulfillment.ports import Floor
from dom.model.commit import Commit
from dom.model.foretell import foretell
from dom.model.ids import LocationId, OrderId, Sku
from dom.model.incoming import Incoming, IncomingSupply
from dom.model.order import Bucket, Method, Order
from dom.model.preorder import DAWN, begins, wakes_at
from dom.model.product import Product
from dom.model.prospect import UNKNOWN, Prospect
from dom.model.queue import Waiting
from dom.model.rules import RuleSet
from dom.model.supply import SupplyId
from support.builders import BOSTON, NOW, line, location, order
from support.fakes import FakeLedger, FakePlaces

B = Bucket
GAME = Sku("GAME")
TODAY = NOW.date()
FIRST = SupplyId("po_1")
WEST = "America/Los_Angeles"


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


@dataclass
class Shop:
    """A ledger with orders in line for a product that is released on the tenth day."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    coming: dict[SupplyId, Incoming] = field(default_factory=dict)
    now: Any = NOW

    def __post_init__(self) -> None:
        self.ledger.open(location("RENO"), location("BOSTON", BOSTON))
        self.releases(10)

    def releases(self, number: int | None) -> None:
        on = None if number is None else day(number)
        self.ledger.products[GAME] = Product(GAME, releases_on=on)

    def documents(self, skus: Any) -> dict[Sku, IncomingSupply]:
        return {sku: IncomingSupply(sku, self.coming) for sku in skus}

    def waits(self, name: str, units: int = 1, age: int = 1, **group: Any) -> None:
        made = order(name, line("1", GAME, units, buckets={B.PREORDERED: units}), version=0)
        groups = tuple(replace(one, **group) for one in made.ship_groups)
        made = replace(made, placed_at=NOW - timedelta(hours=age), ship_groups=groups)
        due_at = wakes_at(made.order_id, begins(day(10), WEST), 0)
        self.ledger.commit(Commit(name, NOW, "test", orders=(replace(made, due_at=due_at),)))

    @property
    def floor(self) -> Floor:
        return Floor(self.ledger, self.ledger, self.ledger, self.ledger, lambda: self.now)

    def look(self) -> bool:
        ledger = self.ledger
        places = FakePlaces(ledger, tuple(ledger.places.values()))
        return look_along(GAME, Horizon(self.floor, ledger, self, ledger, places, RuleSet()))

    def order(self, name: str = "ord_a") -> Order:
        return self.ledger.orders[name]

    def moves(self, name: str = "ord_a") -> list[str]:
        return [
            str(one.data["reason"]) for one in self.order(name).history if one.data.get("reason")
        ]


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_the_customer_is_told_the_release_and_how_long_it_travels(shop: Shop) -> None:
    shop.waits("ord_a")
    assert not shop.look()
    found = shop.order()
    assert found.prospects[GAME].same_as(Prospect(day(10)))
    told = found.told["sg1"]
    assert told and told.date() > day(10) and shop.moves() == ["release"]
    written = len(shop.ledger.commits)
    assert not shop.look()
    assert len(shop.ledger.commits) == written


def test_it_leaves_from_where_it_is_and_else_from_nearby(shop: Shop) -> None:
    shop.waits("ord_a")
    shop.look()
    near = shop.order().told["sg1"]
    far = Shop()
    far.ledger.stock("GAME", "BOSTON", 5)
    far.waits("ord_a")
    far.look()
    other = far.order().told["sg1"]
    assert near and other and other > near


def test_a_pickup_is_told_by_its_own_store(shop: Shop) -> None:
    shop.waits("ord_a", method=Method.PICKUP, location_id=LocationId("BOSTON"))
    shop.look()
    told = shop.order().told["sg1"]
    assert told and told.date() <= day(11)


def test_a_later_release_is_told_and_an_earlier_one_is_not(shop: Shop) -> None:
    shop.waits("ord_a")
    shop.look()
    first = shop.order().told["sg1"]
    shop.releases(14)
    shop.look()
    later = shop.order().told["sg1"]
    assert first and later and later - first >= timedelta(days=3)
    assert shop.moves() == ["release", "release"]
    shop.releases(8)
    shop.look()
    assert shop.order().told["sg1"] == later and shop.moves() == ["release", "release"]
    assert shop.order().due_at == wakes_at(OrderId("ord_a"), begins(day(8), WEST), 0)


@pytest.mark.parametrize("there", [0, 5])
@pytest.mark.parametrize("release", [None, -1])
def test_what_may_leave_at_once_is_looked_at_at_once(
    shop: Shop, there: int, release: int | None
) -> None:
    shop.ledger.stock("GAME", "RENO", there)
    shop.waits("ord_a")
    shop.look()
    shop.releases(release)
    shop.now = NOW + timedelta(hours=1)
    shop.look()
    assert shop.order().due_at == shop.now
    written = len(shop.ledger.commits)
    assert not shop.look()
    assert len(shop.ledger.commits) == written


@pytest.mark.parametrize(("there", "wakes"), [("RENO", WEST), ("BERLIN", None)])
def test_between_two_midnights_what_may_leave_somewhere_is_looked_at_at_once(
    shop: Shop, there: str, wakes: str | None
) -> None:
    shop.ledger.open(location("BERLIN", timezone="Europe/Berlin"))
    for place in {there, "RENO"}:
        shop.ledger.stock("GAME", place, 5)
    shop.waits("ord_a")
    shop.releases(8)
    shop.now = begins(day(8), "Europe/Berlin") + DAWN
    shop.look()
    found = shop.order()
    at = wakes_at(OrderId("ord_a"), begins(day(8), wakes), 0) if wakes else shop.now
    assert (found.due_at, found.prospects[GAME].on) == (at, day(8))


def test_supply_that_comes_after_the_release_is_what_they_wait_for(shop: Shop) -> None:
    shop.waits("ord_old", age=9)
    shop.waits("ord_new", age=1)
    shop.coming = {FIRST: Incoming(LocationId("RENO"), 1, day(3))}
    shop.coming[SupplyId("po_2")] = Incoming(LocationId("RENO"), 1, day(12))
    shop.look()
    assert shop.order("ord_old").prospects[GAME].same_as(Prospect(day(10)))
    assert shop.order("ord_new").prospects[GAME].same_as(Prospect(day(13), SupplyId("po_2")))
    assert shop.moves("ord_new") == ["supply"]


def test_a_release_has_all_of_its_day(shop: Shop) -> None:
    shop.waits("ord_a", method=Method.PICKUP, location_id=LocationId("RENO"))
    shop.look()
    told = shop.order().told
    assert shop.order().look_at == NOW.replace(hour=0) + timedelta(days=11)
    for hours in (0, 23):
        midnight = NOW.replace(hour=0) + timedelta(days=10)
        shop.now = midnight + timedelta(hours=hours)
        foresee("ord_a", shop.floor)
        assert shop.order().told == told
    shop.now = midnight + timedelta(hours=25)
    foresee("ord_a", shop.floor)
    assert shop.order().told == {"sg1": None}


def test_what_waits_for_the_release_of_something_else_hides_no_day(shop: Shop) -> None:
    made = order(
        "ord_a",
        line("1", GAME, 1, buckets={B.PREORDERED: 1}),
        line("2", "MUG", 1, buckets={B.PREORDERED: 1}),
        version=0,
    )
    made = replace(made, prospects={Sku("MUG"): UNKNOWN})
    shop.ledger.commit(Commit("ord_a", NOW, "test", orders=(made,)))
    shop.look()
    assert shop.order().told["sg1"]


def test_nobody_is_told_a_day_before_the_release() -> None:
    line_ = [Waiting(OrderId(f"ord_{n}"), str(n), 2) for n in range(4)]
    coming = {FIRST: Incoming(LocationId("RENO"), 2, day(1))}
    coming[SupplyId("po_2")] = Incoming(LocationId("RENO"), 2, day(9))
    supply = IncomingSupply(GAME, coming)
    found = [one for _, one in foretell(line_, 2, supply, TODAY, opens=day(5))]
    release = Prospect(day(5))
    assert found == [release, release, Prospect(day(10), SupplyId("po_2")), release]
