"""What is sold before the day from which it may leave: from that day on, and within its limit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from dom.errors import OutOfStock
from dom.model.cart import Ats
from dom.model.ids import Sku
from dom.model.incoming import OnDay
from dom.model.product import Product
from dom.promise.ahead import from_release
from dom.promise.ats import available_to_sell
from dom.promise.hold import HoldRequest, hold
from dom.promise.ports import Holding
from hypothesis import given
from hypothesis import strategies as st
from support.builders import BOSTON, NOW, location
from support.fakes import FakeReservations, frozen
from support.promises import Shop

GAME, MUG = Sku("GAME"), Sku("MUG")
DAY = date(2026, 3, 20)
BEFORE, AFTER = DAY - timedelta(days=5), DAY + timedelta(days=5)
NEXT = timedelta(days=1)


def shop(limit: int = 100, there: int = 0) -> Shop:
    made = Shop((location("RENO"),))
    made.ledger.products[GAME] = Product(GAME, releases_on=DAY, preorder_limit=limit)
    made.ledger.stock("GAME", "RENO", there)
    made.ledger.stock("MUG", "RENO", 5)
    return made


def ats(made: Shop) -> Ats:
    return available_to_sell(GAME, "shopify", made.ports)


def test_what_is_there_early_is_sold_for_the_day_of_its_release() -> None:
    found = ats(shop(there=8))
    assert (found.units, found.backorder, found.later) == (0, 8, (OnDay(DAY, 8),))


def test_what_comes_by_then_leaves_then_and_what_comes_later_leaves_later() -> None:
    made = shop(there=1)
    made.await_supply("GAME", "RENO", (BEFORE, 4), (DAY - NEXT, 2), (AFTER, 3))
    assert ats(made).later == (OnDay(DAY, 7), OnDay(AFTER + NEXT, 10))


def test_no_more_is_sold_ahead_than_the_limit_less_what_is_sold() -> None:
    made = shop(limit=6, there=8)
    assert ats(made).backorder == 6
    made.queue("GAME", 4)
    assert (ats(made).backorder, ats(made).later) == (2, (OnDay(DAY, 4),))
    made.queue("GAME", 2)
    assert ats(made).backorder == 0


def test_without_a_limit_nothing_is_promised_ahead() -> None:
    assert ats(shop(limit=0, there=8)).backorder == 0
    assert shop(limit=0, there=8).promise(("GAME", 1)).unavailable == ((GAME, 1),)


def test_a_cart_is_promised_from_the_release_on() -> None:
    found = shop(there=8).promise(("GAME", 2))
    (option,) = found.options
    assert (option.available_on, found.unavailable) == (DAY, ())
    midnight = datetime(2026, 3, 20, 7, tzinfo=UTC)
    assert midnight <= option.ships_by < option.delivers_by


def test_a_cart_is_promised_what_comes_after_the_release_when_it_comes() -> None:
    made = shop(there=1)
    made.await_supply("GAME", "RENO", (AFTER, 4))
    (option,) = made.promise(("GAME", 2)).options
    assert option.available_on == AFTER + NEXT


def test_what_may_leave_of_a_cart_is_an_option_of_its_own() -> None:
    found = shop(there=8).promise(("GAME", 1), ("MUG", 1))
    first = [one for one in found.options if one.available_on is None]
    assert first and all(one.lines == ((MUG, 1),) for one in first)
    (whole,) = [one for one in found.options if one.available_on]
    assert dict(whole.lines) == {GAME: 1, MUG: 1} and found.unavailable == ()


def test_until_it_may_leave_wherever_it_is_a_cart_is_promised_the_day() -> None:
    made = Shop((location("RENO"), location("BOSTON", BOSTON, timezone="America/New_York")))
    made.ledger.products[GAME] = Product(GAME, releases_on=DAY, preorder_limit=9)
    made.ledger.stock("GAME", "BOSTON", 5)
    made.now = datetime(2026, 3, 20, 6, tzinfo=UTC)
    assert ats(made).units == 5
    made.ledger.stock("GAME", "RENO", 1)
    assert ats(made).units == 0
    assert [one.available_on for one in made.promise(("GAME", 1)).options] == [DAY]


def test_beyond_the_limit_a_cart_gets_what_is_left() -> None:
    found = shop(limit=3, there=8).promise(("GAME", 5))
    assert found.unavailable == ((GAME, 2),)


def test_on_its_day_it_is_stock_like_any_other() -> None:
    made = shop(limit=0, there=8)
    made.now = datetime(2026, 3, 20, 7, tzinfo=UTC)
    made.queue("GAME", 3)
    assert (ats(made).units, ats(made).backorder) == (5, 0)
    assert all(one.available_on is None for one in made.promise(("GAME", 5)).options)


def test_a_cart_holds_nothing_of_it_before_its_day() -> None:
    made = shop(there=8)
    for place in (None, made.locations[0].location_id):
        request = HoldRequest({GAME: 1}, timedelta(minutes=5), "web", location_id=place)
        reservations = FakeReservations(made.ledger)
        ports = Holding(made.ledger, made.places, reservations, made.ledger, frozen(NOW))
        with pytest.raises(OutOfStock):
            hold(request, ports)


@given(st.integers(-9, 20), st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 9)), max_size=6))
def test_nothing_is_promised_before_the_release_and_nothing_of_what_comes_is_lost(
    there: int, supply: list[tuple[int, int]]
) -> None:
    days, units = list[OnDay](), max(0, there)
    for on, more in sorted(dict(supply).items()):
        units += more
        days.append(OnDay(DAY + on * NEXT, units))
    found = from_release(DAY, there, days)
    assert all(one.day >= DAY and one.units > 0 for one in found)
    assert [one.day for one in found] == sorted({one.day for one in found})
    assert [one.units for one in found] == sorted({one.units for one in found})
    best = max([there, *(one.units for one in days)])
    assert (found[-1].units if found else 0) == max(0, best)
