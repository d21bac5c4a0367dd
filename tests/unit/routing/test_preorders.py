"""Goods that may not leave before a day: nothing of them is taken earlier, wherever it lies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from dom.model.commit import Commit
from dom.model.demand import demand_of
from dom.model.ids import OrderId, Sku
from dom.model.order import Bucket, HoldReason, Order
from dom.model.preorder import DAWN, SPREAD, opens_at, wakes_at
from dom.model.product import Product
from dom.model.return_terms import EXCHANGES
from dom.model.rules import Fences, Merging, RuleSet
from dom.routing.ports import Routing
from dom.routing.route import route
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import BOSTON, NOW, RENO, line, location, order
from support.fakes import FakeLedger, FakePlaces, frozen

B = Bucket
GAME, MUG = Sku("GAME"), Sku("MUG")
DAY = date(2026, 3, 20)
WEST, EAST = "America/Los_Angeles", "America/New_York"
PLACES = (location("RENO", RENO), location("BOSTON", BOSTON, timezone=EAST))
# Daylight saving time: midnight in Reno.
RELEASE = datetime(2026, 3, 20, 7, tzinfo=UTC)
WAKES = wakes_at(OrderId("ord_a"), DAY, [WEST])


class Shop:
    """A ledger whose clock can be set, with a product that is sold ahead."""

    def __init__(self, day: date | None = DAY, rules: RuleSet | None = None) -> None:
        self.ledger, self.now, self.rules = FakeLedger(), NOW, rules or RuleSet()
        self.ledger.open(*PLACES)
        self.releases(day)

    def releases(self, day: date | None) -> None:
        self.ledger.products[GAME] = Product(GAME, releases_on=day)

    def order(self, name: str = "ord_a") -> Order:
        return self.ledger.orders[name]

    def place(self, name: str, *wanted: tuple[str, int], age: int = 0, **rest: Any) -> None:
        lines = [line(str(n), sku, units) for n, (sku, units) in enumerate(wanted)]
        made = order(name, *lines, version=0)
        made = replace(made, placed_at=NOW - timedelta(hours=age), **rest)
        self.ledger.commit(Commit(f"{name}:placed", NOW, "test", orders=(made,)))
        self.route(name)

    def route(self, *names: str, **rest: Any) -> None:
        places, ledger, clock = FakePlaces(self.ledger, PLACES), self.ledger, frozen(self.now)
        ports = Routing(ledger, ledger, places, ledger, clock, self.rules, lines=ledger, **rest)
        assert route(names, ports).failed == []

    def buckets(self, name: str = "ord_a") -> list[dict[Bucket, int]]:
        return [dict(one.buckets) for one in self.order(name).lines]


@pytest.fixture
def shop() -> Shop:
    made = Shop()
    made.ledger.stock("GAME", "RENO", 5)
    made.ledger.stock("MUG", "RENO", 5)
    return made


def test_before_its_day_nothing_is_taken_and_the_order_waits_in_line(shop: Shop) -> None:
    shop.place("ord_a", ("GAME", 2))
    assert shop.buckets() == [{B.PREORDERED: 2}] and not shop.ledger.works
    found = shop.order()
    assert (found.status.value, found.due_at, found.waits_since) == ("open", WAKES, None)
    assert found.history[-1].type == "OrderPreordered"
    assert found.history[-1].data == {"units": {"0": 2}, "releases_on": {"0": "2026-03-20"}}
    assert [(one.order_id, one.units) for one in shop.ledger.line("GAME")] == [("ord_a", 2)]
    # It is sold, though it is there: nobody else may buy it.
    assert shop.ledger.demand(["GAME"]) == demand_of(found) == {GAME: 2}
    (decision,) = shop.ledger.decisions.values()
    assert "not to leave before 2026-03-20 for GAME: preordered" in decision.why


def test_a_look_before_the_day_writes_nothing(shop: Shop) -> None:
    shop.place("ord_a", ("GAME", 2))
    written = len(shop.ledger.commits)
    shop.now = RELEASE - timedelta(seconds=1)
    shop.route("ord_a")
    assert len(shop.ledger.commits) == written


def test_what_may_leave_leaves_at_once(shop: Shop) -> None:
    shop.place("ord_a", ("GAME", 1), ("MUG", 2))
    assert shop.buckets() == [{B.PREORDERED: 1}, {B.ALLOCATED: 2}]
    assert shop.order().status.value == "partially_allocated"


@pytest.mark.parametrize("fences", [Fences(ship_complete=True), Fences(max_splits=0)])
def test_what_leaves_as_one_waits_as_one(fences: Fences) -> None:
    shop = Shop(rules=RuleSet(fences=fences))
    shop.ledger.stock("GAME", "RENO", 5)
    shop.ledger.stock("MUG", "RENO", 5)
    shop.place("ord_a", ("GAME", 1), ("MUG", 2))
    assert shop.buckets() == [{B.PREORDERED: 1}, {B.PREORDERED: 2}]
    assert shop.order().due_at == WAKES
    shop.now = RELEASE
    shop.route("ord_a")
    assert shop.buckets() == [{B.ALLOCATED: 1}, {B.ALLOCATED: 2}]


def test_on_the_day_it_goes_by_priority_then_age_and_newcomers_come_last(shop: Shop) -> None:
    shop.place("ord_young", ("GAME", 2), age=1)
    shop.place("ord_old", ("GAME", 2), age=9)
    shop.place("ord_first", ("GAME", 2), age=0, priority=5)
    shop.now = RELEASE
    shop.place("ord_new", ("GAME", 1), age=-20)
    assert shop.buckets("ord_first") == shop.buckets("ord_old") == [{B.ALLOCATED: 2}]
    assert shop.buckets("ord_young") == [{B.ALLOCATED: 1, B.BACKORDERED: 1}]
    assert shop.buckets("ord_new") == [{B.BACKORDERED: 1}]


def test_what_is_not_there_on_its_day_is_a_backorder() -> None:
    shop = Shop()
    shop.place("ord_a", ("GAME", 2))
    shop.now = RELEASE
    shop.route("ord_a")
    found = shop.order()
    assert shop.buckets() == [{B.BACKORDERED: 2}]
    assert found.waits_since == RELEASE and found.due_at == RELEASE + timedelta(minutes=15)


def test_a_day_that_moves_is_waited_for_once_more(shop: Shop) -> None:
    shop.place("ord_a", ("GAME", 2))
    shop.releases(DAY + timedelta(days=7))
    shop.now = RELEASE
    shop.route("ord_a")
    assert shop.buckets() == [{B.PREORDERED: 2}]
    assert shop.order().due_at == WAKES + timedelta(days=7)
    written = len(shop.ledger.commits)
    shop.route("ord_a")
    assert len(shop.ledger.commits) == written
    shop.releases(None)
    shop.route("ord_a")
    assert shop.buckets() == [{B.ALLOCATED: 2}]


def test_a_backorder_of_what_is_kept_until_a_day_waits_for_it() -> None:
    shop = Shop(day=None)
    shop.place("ord_a", ("GAME", 2))
    assert shop.buckets() == [{B.BACKORDERED: 2}]
    shop.releases(DAY)
    shop.ledger.stock("GAME", "RENO", 5)
    shop.route("ord_a")
    assert shop.buckets() == [{B.PREORDERED: 2}] and shop.order().due_at == WAKES


def test_nothing_leaves_a_place_before_the_day_begins_there(shop: Shop) -> None:
    shop.ledger.stock("GAME", "BOSTON", 1)
    shop.now = RELEASE - timedelta(hours=1)  # midnight is over in Boston only
    shop.place("ord_a", ("GAME", 2))
    assert {work.location_id for work in shop.ledger.works.values()} == {"BOSTON"}
    assert shop.buckets() == [{B.ALLOCATED: 1, B.PREORDERED: 1}]
    assert shop.order().due_at == WAKES


def test_a_held_order_waits_and_keeps_its_turn(shop: Shop) -> None:
    shop.place("ord_a", ("GAME", 2))
    held = replace(shop.order(), hold_reason=HoldReason.MANUAL)
    shop.ledger.commit(Commit("held", NOW, "test", orders=(held,)))
    shop.now = RELEASE
    shop.route("ord_a")
    assert shop.buckets() == [{B.PREORDERED: 2}] and not list(shop.ledger.line("GAME"))
    assert shop.ledger.demand(["GAME"]) == {GAME: 2}


def test_nobody_gives_up_what_waits_for_its_release(shop: Shop) -> None:
    shop.place("ord_a", ("GAME", 2), ("HAT", 1))
    assert shop.buckets() == [{B.PREORDERED: 2}, {B.BACKORDERED: 1}]
    written = len(shop.ledger.commits)
    shop.now += timedelta(days=5)
    shop.route("ord_a", give_up_after=timedelta(days=1))
    assert shop.buckets() == [{B.PREORDERED: 2}, {B.CANCELLED: 1}]
    assert (shop.order().due_at, shop.order().waits_since) == (WAKES, None)
    shop.now += timedelta(days=5)
    shop.route("ord_a", give_up_after=timedelta(days=1))
    assert len(shop.ledger.commits) == written + 1


def test_an_exchange_is_held_for_nobody_before_the_release(shop: Shop) -> None:
    shop.place("ord_a", ("GAME", 2), channel=EXCHANGES)
    shop.now += timedelta(days=9)
    shop.route("ord_a", give_up_after=timedelta(days=1))
    assert shop.order().hold_reason is None and shop.buckets() == [{B.PREORDERED: 2}]


def test_what_may_leave_waits_for_no_merge_with_what_may_not(shop: Shop) -> None:
    merging = Merging(merge=True, consolidate_wait=600)
    shop.rules = RuleSet(merging=merging)
    group = replace(order().ship_groups[0], recipient="r")
    shop.place("ord_a", ("GAME", 1), ("MUG", 1), ship_groups=(group,))
    shop.place("ord_b", ("HAT", 1), ("MUG", 1), ship_groups=(group,))
    ahead, short = sorted(shop.ledger.works.values(), key=lambda work: work.id)
    assert ahead.due_at and short.due_at and ahead.due_at < short.due_at


def test_no_position_of_it_is_read_before_its_day(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, positions_of = list[str](), FakeLedger.positions_of

    def watched(ledger: FakeLedger, pairs: Any) -> Any:
        wanted = list(pairs)
        read.extend(sku for sku, _ in wanted)
        return positions_of(ledger, wanted)

    monkeypatch.setattr(FakeLedger, "positions_of", watched)
    shop.place("ord_a", ("GAME", 9))
    shop.place("ord_b", ("GAME", 9))
    assert read == []
    shop.now = RELEASE
    shop.route("ord_a")
    assert set(read) == {"GAME"}


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_whatever_moves_units_are_conserved_and_none_is_taken_early(data: st.DataObject) -> None:
    shop, names = Shop(), list[str]()
    shop.ledger.stock("GAME", "RENO", data.draw(st.integers(0, 6)))
    shop.ledger.stock("MUG", "BOSTON", data.draw(st.integers(0, 6)))
    for _ in range(data.draw(st.integers(1, 8))):
        shop.now += timedelta(hours=data.draw(st.integers(0, 150)))
        shop.releases(data.draw(st.sampled_from([None, DAY, DAY + timedelta(days=9)])))
        kept = shop.ledger.products[GAME].releases_on
        taken = shop.ledger.positions["GAME@RENO"].reserved
        if names and data.draw(st.booleans()):
            shop.route(data.draw(st.sampled_from(names)))
        else:
            names.append(f"ord_{len(names)}")
            shop.place(names[-1], ("GAME", data.draw(st.integers(1, 3))), ("MUG", 1))
        if kept and shop.now < opens_at(kept, [WEST]):
            assert shop.ledger.positions["GAME@RENO"].reserved == taken
        total = sum((demand_of(one).get(GAME, 0) for one in shop.ledger.orders.values()), 0)
        assert shop.ledger.demand(["GAME"]).get("GAME", 0) == total
    for one in shop.ledger.orders.values():
        assert all(sum(x.buckets.values()) == x.quantity for x in one.lines)
        waits = [x for x in one.lines if x.units(B.PREORDERED)]
        assert not waits or one.due_at is not None


def test_a_release_waits_for_the_west_but_not_around_the_world() -> None:
    assert opens_at(DAY, [WEST, EAST]) == RELEASE
    assert opens_at(DAY, [EAST]) == RELEASE - timedelta(hours=3)
    first = datetime(2026, 3, 19, 11, tzinfo=UTC)
    assert opens_at(DAY, ["Pacific/Auckland", WEST]) == first + DAWN
    assert opens_at(DAY, []) == datetime(2026, 3, 20, tzinfo=UTC)
    # The clocks go forward: the day begins where it does.
    assert opens_at(date(2026, 3, 8), [WEST]) == datetime(2026, 3, 8, 8, tzinfo=UTC)


def test_those_who_wait_for_one_release_come_back_each_at_its_own_moment() -> None:
    wakes = {wakes_at(OrderId(f"ord_{n}"), DAY, [WEST]) for n in range(2000)}
    assert len(wakes) > 1000 and min(wakes) >= RELEASE and max(wakes) < RELEASE + SPREAD
