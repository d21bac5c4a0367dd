"""On the day of a release what may leave is sold, and what may not yet is sold ahead."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from dom.errors import OutOfStock
from dom.model.geo import Coordinates
from dom.model.ids import LocationId, Sku
from dom.model.incoming import OnDay
from dom.model.preorder import DAWN, begins
from dom.model.product import Product
from dom.promise.hold import HoldRequest, hold
from dom.promise.ports import Holding
from support.builders import RENO, location
from support.fakes import FakeReservations, frozen
from support.promises import Shop
from unit.promise.test_preorders import DAY, GAME, ats

BERLIN = location("BERLIN", Coordinates(52.5, 13.4), timezone="Europe/Berlin")
PLACES = (location("RENO", RENO), BERLIN)
EAST, WEST = (begins(DAY, one.timezone) for one in (BERLIN, PLACES[0]))
BETWEEN = EAST + DAWN + timedelta(minutes=1)
MINUTES = 20


def shop(reno: int = 0, berlin: int = 0, limit: int = 100) -> Shop:
    made = Shop(PLACES)
    made.ledger.products[GAME] = Product(GAME, releases_on=DAY, preorder_limit=limit)
    made.ledger.stock("GAME", "RENO", reno)
    made.ledger.stock("GAME", "BERLIN", berlin)
    made.now = BETWEEN
    return made


def sold(made: Shop) -> tuple[int, int, tuple[OnDay, ...]]:
    found = ats(made)
    return found.units, found.backorder, found.later


def held(made: Shop, units: int, place: str | None = None) -> dict[str, int]:
    """Units that a cart can hold, by location; none if it cannot."""
    at = LocationId(place) if place else None
    request = HoldRequest({GAME: units}, timedelta(minutes=5), "web", location_id=at)
    reservations = FakeReservations(made.ledger)
    ports = Holding(made.ledger, made.places, reservations, made.ledger, frozen(made.now))
    try:
        holds = hold(request, ports).holds
    except OutOfStock:
        return {}
    return {one.location_id: one.quantity for one in holds}


def hours() -> list[datetime]:
    steps = int((WEST - EAST + timedelta(hours=2)) / timedelta(minutes=MINUTES))
    return [EAST - timedelta(hours=1) + n * timedelta(minutes=MINUTES) for n in range(steps)]


@pytest.mark.parametrize("now", hours())
def test_until_the_midnight_where_they_are_goods_are_sold_ahead(now: datetime) -> None:
    made = shop(reno=8)
    made.now = now
    days = [one.available_on for one in made.promise(("GAME", 2)).options]
    assert made.promise(("GAME", 2)).unavailable == ()
    if now < WEST:
        assert (sold(made), days) == ((0, 8, (OnDay(DAY, 8),)), [DAY])
        assert held(made, 1) == held(made, 1, "RENO") == {}
    else:
        assert sold(made) == (8, 0, ()) and set(days) == {None}
        assert held(made, 1) == {"RENO": 1}


@pytest.mark.parametrize("now", hours())
def test_all_of_it_can_be_promised_at_any_hour_and_nothing_early(now: datetime) -> None:
    made = shop(reno=5, berlin=3)
    made.now = now
    found = made.promise(("GAME", 8))
    assert found.unavailable == ()
    for option in found.options:
        if option.available_on is None:
            assert now >= WEST or (now >= EAST + DAWN and option.location_ids == ("BERLIN",))
    units, ahead, _ = sold(made)
    assert units + ahead == 8
    assert units == (8 if now >= WEST else 3 if now >= EAST + DAWN else 0)
    assert sum(held(made, units).values()) == units and not held(made, 8 - units + 1)


def test_between_two_midnights_what_has_opened_is_there_and_the_rest_comes() -> None:
    made = shop(reno=5, berlin=3)
    assert sold(made) == (3, 5, (OnDay(DAY, 8),))
    assert held(made, 3) == {"BERLIN": 3}


def test_a_cart_holds_nothing_where_the_day_has_not_begun() -> None:
    made = shop(reno=5, berlin=3)
    assert held(made, 4) == held(made, 1, "RENO") == {}
    assert held(made, 1, "BERLIN") == {"BERLIN": 1}


def test_between_two_midnights_the_limit_is_that_of_what_has_not_opened() -> None:
    assert sold(shop(reno=5, berlin=3, limit=2))[:2] == (3, 2)
    assert sold(shop(reno=5, berlin=3, limit=0))[:2] == (3, 0)
    assert shop(reno=5, berlin=3, limit=0).promise(("GAME", 4)).unavailable == ((GAME, 1),)


def test_who_waits_is_served_before_anything_is_sold() -> None:
    made = shop(reno=5, berlin=3)
    made.queue("GAME", 4)
    assert sold(made) == (0, 4, (OnDay(DAY, 4),))
    assert held(made, 1) == {}
    made.queue("GAME", 4)
    assert sold(made) == (0, 0, ())


def test_another_sku_is_sold_whatever_is_released() -> None:
    made = shop(reno=5)
    made.ledger.stock("MUG", "RENO", 2)
    assert made.ats("MUG") == 2
    assert {sku for x in made.promise(("MUG", 1)).options for sku, _ in x.lines} == {Sku("MUG")}
