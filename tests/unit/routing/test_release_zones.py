"""On the day of a release each location has its own midnight, and those count that have goods."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dom.model.geo import Coordinates
from dom.model.ids import OrderId
from dom.model.order import Bucket
from dom.model.preorder import DAWN, begins, wakes_at
from hypothesis import given, settings
from hypothesis import strategies as st
from support import release
from support.builders import RENO, location
from support.release import DAY

B = Bucket
BERLIN = location("BERLIN", Coordinates(52.5, 13.4), timezone="Europe/Berlin")
PLACES = (location("RENO", RENO), BERLIN)
# Nine hours, less the week in which clocks differ.
EAST, WEST = (begins(DAY, one.timezone) for one in (BERLIN, PLACES[0]))
BETWEEN = EAST + DAWN + timedelta(minutes=1)
MINUTE = timedelta(minutes=1)


class Shop(release.Shop):
    """The same, over two continents."""

    def __init__(self, reno: int = 0, berlin: int = 0, *, open_: bool = True) -> None:
        super().__init__(places=(PLACES[0], replace(BERLIN, active=open_)))
        self.ledger.stock("GAME", "RENO", reno)
        self.ledger.stock("GAME", "BERLIN", berlin)

    def wakes(self) -> datetime:
        due_at = self.order().due_at
        assert due_at
        return due_at

    def told(self) -> list[str]:
        return [one.type for one in self.order().history]


def moment(at: datetime) -> datetime:
    return wakes_at(OrderId("ord_a"), at, 0)


def test_an_order_waits_for_the_midnight_where_the_goods_are() -> None:
    shop = Shop(reno=5)
    shop.place("ord_a", ("GAME", 2))
    assert (shop.buckets(), shop.wakes()) == ([{B.PREORDERED: 2}], moment(WEST))
    # In Berlin the day is hours old.
    shop.now = BETWEEN
    written = len(shop.ledger.commits)
    shop.route("ord_a")
    assert len(shop.ledger.commits) == written
    shop.now = WEST
    shop.route("ord_a")
    assert shop.buckets() == [{B.ALLOCATED: 2}] and "OrderBackordered" not in shop.told()


def test_who_orders_between_two_midnights_waits_for_the_second() -> None:
    shop = Shop(reno=5)
    shop.now = BETWEEN
    shop.place("ord_a", ("GAME", 2))
    assert (shop.buckets(), shop.wakes()) == ([{B.PREORDERED: 2}], moment(WEST))
    (decision,) = shop.ledger.decisions.values()
    assert "not to leave before 2026-03-20 for GAME: preordered" in decision.why


def test_what_the_first_has_leaves_from_there_and_the_rest_waits_for_the_second() -> None:
    shop = Shop(reno=5, berlin=1)
    shop.place("ord_a", ("GAME", 3))
    assert shop.wakes() == moment(EAST + DAWN)
    shop.now = BETWEEN
    shop.route("ord_a")
    assert shop.buckets() == [{B.ALLOCATED: 1, B.PREORDERED: 2}]
    assert shop.wakes() == moment(WEST)
    shop.now = WEST
    shop.route("ord_a")
    assert shop.buckets() == [{B.ALLOCATED: 3}] and "OrderBackordered" not in shop.told()


def test_what_nobody_has_may_come_anywhere_until_the_day_has_begun_everywhere() -> None:
    shop = Shop()
    shop.place("ord_a", ("GAME", 1))
    assert shop.wakes() == moment(EAST + DAWN)
    shop.now = BETWEEN
    shop.route("ord_a")
    assert (shop.buckets(), shop.wakes()) == ([{B.PREORDERED: 1}], moment(WEST))
    shop.now = WEST
    shop.route("ord_a")
    assert shop.buckets() == [{B.BACKORDERED: 1}]


def test_goods_that_come_to_an_earlier_place_are_waited_for_there() -> None:
    shop = Shop(reno=5)
    shop.place("ord_a", ("GAME", 9))
    shop.ledger.stock("GAME", "BERLIN", 5)
    shop.route("ord_a")
    assert shop.wakes() == moment(EAST + DAWN)


def test_a_location_that_takes_no_work_is_waited_for_by_nobody() -> None:
    shop = Shop(berlin=5, open_=False)
    shop.place("ord_a", ("GAME", 1))
    assert shop.wakes() == moment(WEST)


def test_nobody_is_let_go_first_for_goods_that_may_not_leave() -> None:
    shop = Shop(reno=5)
    shop.place("ord_a", ("GAME", 1))
    shop.now = BETWEEN
    shop.place("ord_b", ("GAME", 1), age=-20)
    assert shop.buckets() == shop.buckets("ord_b") == [{B.PREORDERED: 1}]
    assert shop.order().history[-1].at < BETWEEN


@given(
    st.integers(0, 4),
    st.integers(0, 4),
    st.lists(st.integers(-60, 12 * 60), min_size=1, max_size=6).map(sorted),
)
@settings(max_examples=60, deadline=None)
def test_from_midnight_to_midnight_nothing_is_short_that_is_only_early(
    reno: int, berlin: int, minutes: list[int]
) -> None:
    shop = Shop(reno, berlin)
    shop.place("ord_a", ("GAME", 8))
    for after in minutes:
        shop.now = EAST + after * MINUTE
        shop.route("ord_a")
        (units,) = shop.buckets()
        assert sum(units.values()) == 8
        taken = {
            place: shop.ledger.positions[f"GAME@{place}"].reserved for place in ("RENO", "BERLIN")
        }
        assert units.get(B.ALLOCATED, 0) == sum(taken.values())
        assert not taken["RENO"] or shop.now >= WEST
        assert not taken["BERLIN"] or shop.now >= (EAST + DAWN if reno else EAST)
        if shop.now < WEST:
            assert B.BACKORDERED not in units
            # It is looked at again when more may leave, and not before.
            assert B.PREORDERED not in units or shop.now < shop.wakes()
        else:
            assert B.PREORDERED not in units and taken == {"RENO": reno, "BERLIN": berlin}
