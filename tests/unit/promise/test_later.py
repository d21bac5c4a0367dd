"""What is still on its way: available-to-promise by day, and carts that are promised of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dom.model.cart import Ats, Option, Promise
from dom.model.control import Control, ControlKind
from dom.model.ids import LocationId, Sku
from dom.model.incoming import Incoming, OnDay, by_day
from dom.model.location import Location
from dom.model.order import Method
from dom.promise.ats import available_to_sell
from hypothesis import given
from hypothesis import strategies as st
from support.builders import BOSTON, NOW, location
from support.promises import Shop

MUG, HAT, RENO = Sku("MUG"), Sku("HAT"), LocationId("RENO")
TODAY = NOW.date()
TUESDAY, FRIDAY = TODAY + timedelta(days=2), TODAY + timedelta(days=5)
NEXT = timedelta(days=1)


def coming(*units: tuple[date | None, int]) -> list[Incoming]:
    return [Incoming(RENO, number, day) for day, number in units]


def allowed(units: int, name: str = "b", **scope: Any) -> Control:
    return Control(name, ControlKind.BACKORDER, units, **scope)


def shop(*places: Location, backorders: int = 100) -> Shop:
    made = Shop(places or (location("RENO"),))
    made.controls = (allowed(backorders),)
    made.ledger.stock("MUG", "RENO", 3)
    made.await_supply("MUG", "RENO", (TUESDAY, 5), (FRIDAY, 10))
    return made


def ats(made: Shop, sku: Sku = MUG) -> Ats:
    return available_to_sell(sku, "shopify", made.ports)


def later(found: Promise) -> Option:
    (option,) = (one for one in found.options if one.available_on)
    return option


def test_each_day_on_which_more_can_leave_is_told_with_all_before_it() -> None:
    # Goods come at any hour of their day: they leave from the next one on.
    told = by_day(3, 0, coming((FRIDAY, 10), (TUESDAY, 5), (TUESDAY, 1)), TODAY)
    assert told == (OnDay(TUESDAY + NEXT, 9), OnDay(FRIDAY + NEXT, 19))


def test_what_waits_takes_what_comes_first() -> None:
    told = by_day(3, 10, coming((TUESDAY, 5), (FRIDAY, 10)), TODAY)
    assert told == (OnDay(FRIDAY + NEXT, 8),)


def test_what_is_late_or_has_no_day_is_not_promised() -> None:
    assert by_day(3, 0, coming((TODAY - NEXT, 5), (None, 5)), TODAY) == ()
    assert by_day(3, 0, coming((TODAY, 5)), TODAY) == (OnDay(TODAY + NEXT, 8),)


@given(
    st.integers(-5, 20),
    st.integers(0, 20),
    st.lists(st.tuples(st.none() | st.integers(-3, 9), st.integers(1, 9)), max_size=8),
)
def test_days_rise_in_time_and_units_and_never_name_more_than_there_will_be(
    pool: int, taken: int, supply: list[tuple[int | None, int]]
) -> None:
    some = coming(*((None if n is None else TODAY + n * NEXT, units) for n, units in supply))
    told = by_day(pool, taken, some, TODAY)
    assert by_day(pool, taken, reversed(some), TODAY) == told
    assert [one.day for one in told] == sorted({one.day for one in told})
    assert [one.units for one in told] == sorted({one.units for one in told})
    for one in told:
        there = sum(x.units for x in some if x.on and TODAY <= x.on < one.day)
        assert one.units == pool + there - taken > max(0, pool - taken)


def test_availability_says_what_comes_by_day_and_how_much_of_it_may_be_sold() -> None:
    made = shop(backorders=7)
    found = ats(made)
    assert (found.units, found.backorder) == (3, 7)
    assert found.later == (OnDay(TUESDAY + NEXT, 8), OnDay(FRIDAY + NEXT, 18))


def test_no_more_may_be_sold_beyond_stock_than_comes() -> None:
    assert ats(shop(backorders=100)).backorder == 15


def test_without_a_control_nothing_beyond_stock_may_be_sold() -> None:
    made = shop()
    made.controls = ()
    assert ats(made).backorder == 0 and len(ats(made).later) == 2
    found = made.promise(("MUG", 4))
    assert found.unavailable == ((MUG, 1),)
    assert all(option.available_on is None for option in found.options)


def test_what_waits_already_counts_towards_the_limit() -> None:
    made = shop(backorders=7)
    made.queue("MUG", 5)
    assert (ats(made).units, ats(made).backorder) == (0, 5)


def test_the_most_specific_limit_counts_also_if_it_is_none() -> None:
    made = shop()
    made.controls = (allowed(100), allowed(0, "never", skus=frozenset({MUG})))
    assert ats(made).backorder == 0
    assert made.promise(("MUG", 4)).unavailable == ((MUG, 1),)


def test_a_limit_of_another_channel_allows_nothing_here() -> None:
    made = shop()
    made.controls = (allowed(100, channels=frozenset({"amazon"})),)
    assert ats(made).backorder == 0


def test_a_cart_is_promised_on_the_first_day_on_which_all_of_it_is_there() -> None:
    made = shop()
    for wanted, day in ((4, TUESDAY + NEXT), (8, TUESDAY + NEXT), (9, FRIDAY + NEXT)):
        found = made.promise(("MUG", wanted))
        option = later(found)
        assert (option.method, option.available_on) == (Method.SHIP, day)
        assert option.lines == ((MUG, wanted),)
        assert option.ships_by.date() >= day and option.delivers_by > option.ships_by
        assert found.unavailable == ()


def test_what_is_there_is_still_offered_at_once() -> None:
    found = shop().promise(("MUG", 4))
    now = [one for one in found.options if one.method is Method.SHIP and not one.available_on]
    assert [one.lines for one in now] == [((MUG, 3),)]


def test_what_can_be_had_now_is_never_promised_later() -> None:
    assert all(one.available_on is None for one in shop().promise(("MUG", 3)).options)


def test_more_than_ever_comes_is_promised_as_far_as_it_goes() -> None:
    found = shop().promise(("MUG", 30))
    assert later(found).lines == ((MUG, 18),)
    assert found.unavailable == ((MUG, 12),)


def test_the_limit_binds_the_promise() -> None:
    found = shop(backorders=2).promise(("MUG", 30))
    assert later(found).lines == ((MUG, 5),)
    assert later(found).available_on == TUESDAY + NEXT


def test_a_cart_goes_together_on_the_day_of_its_last_goods() -> None:
    made = shop()
    made.ledger.stock("HAT", "RENO", 1)
    made.await_supply("HAT", "RENO", (FRIDAY, 1))
    found = made.promise(("MUG", 4), ("HAT", 2))
    assert later(found).available_on == FRIDAY + NEXT
    assert sorted(later(found).lines) == [(HAT, 2), (MUG, 4)]


def test_goods_for_a_place_that_takes_no_work_are_promised_to_nobody() -> None:
    made = shop(location("RENO"), location("SHUT", active=False))
    made.await_supply("MUG", "SHUT", (TODAY, 50))
    made.await_supply("MUG", "NOWHERE", (TODAY, 50))
    assert ats(made).later == (OnDay(TUESDAY + NEXT, 8), OnDay(FRIDAY + NEXT, 18))
    assert later(made.promise(("MUG", 4))).available_on == TUESDAY + NEXT


def test_goods_leave_from_where_they_come_to() -> None:
    made = shop(location("RENO"), location("BOSTON", BOSTON))
    made.await_supply("HAT", "BOSTON", (TODAY, 2))
    assert later(made.promise(("HAT", 2))).location_ids == ("BOSTON",)
