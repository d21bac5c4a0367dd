"""Goods that may not leave before a day: nothing of them is taken earlier, wherever it lies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from dom.model.commit import Commit
from dom.model.demand import demand_of
from dom.model.ids import OrderId
from dom.model.order import Bucket, HoldReason
from dom.model.preorder import DAWN, MOST_SPREAD, SPREAD, begins, opens_at, wakes_at
from dom.model.product import Product
from dom.model.return_terms import EXCHANGES
from dom.model.rules import Fences, Merging, RuleSet
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import NOW, order
from support.fakes import FakeLedger
from support.release import DAY, EAST, GAME, MUG, WEST, Shop

B = Bucket
# Daylight saving time: midnight in Reno.
RELEASE = datetime(2026, 3, 20, 7, tzinfo=UTC)
WAKES = wakes_at(OrderId("ord_a"), RELEASE, 0)


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
    assert shop.buckets() == [{B.PREORDERED: 2}] and shop.order().due_at == WAKES


def test_nobody_who_comes_in_the_night_of_the_release_goes_before_those_in_line() -> None:
    shop = Shop()
    shop.ledger.stock("GAME", "BOSTON", 1)
    shop.ledger.stock("GAME", "RENO", 1)
    for name in ("ord_a", "ord_b"):
        shop.place(name, ("GAME", 1), age=9)
    for hours in (2, 1, 0):
        shop.now = RELEASE - timedelta(hours=hours)
        shop.place(f"ord_{hours}", ("GAME", 1), age=-400)
        assert shop.buckets(f"ord_{hours}")[0].keys() & {B.PREORDERED, B.BACKORDERED}
    assert shop.buckets("ord_a") == shop.buckets("ord_b") == [{B.ALLOCATED: 1}]


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
        if kept and shop.now < begins(kept, WEST):
            assert shop.ledger.positions["GAME@RENO"].reserved == taken
        total = sum((demand_of(one).get(GAME, 0) for one in shop.ledger.orders.values()), 0)
        assert shop.ledger.demand(["GAME"]).get("GAME", 0) == total
    for one in shop.ledger.orders.values():
        assert all(sum(x.buckets.values()) == x.quantity for x in one.lines)
        waits = [x for x in one.lines if x.units(B.PREORDERED)]
        assert not waits or one.due_at is not None


def test_a_release_waits_for_the_west_but_not_around_the_world() -> None:
    def opens(day: date, *zones: str) -> datetime:
        return opens_at(begins(day, zone) for zone in zones)

    assert opens(DAY, WEST, EAST) == RELEASE
    assert opens(DAY, EAST) == RELEASE - timedelta(hours=3)
    first = datetime(2026, 3, 19, 11, tzinfo=UTC)
    assert opens(DAY, "Pacific/Auckland", WEST) == first + DAWN
    # The clocks go forward: the day begins where it does.
    assert opens(date(2026, 3, 8), WEST) == datetime(2026, 3, 8, 8, tzinfo=UTC)


def wakes(limit: int) -> set[datetime]:
    return {wakes_at(OrderId(f"ord_{n}"), RELEASE, limit) for n in range(2000)}


def test_those_who_wait_for_one_release_come_back_each_at_its_own_moment() -> None:
    found = wakes(1)
    assert len(found) > 1000 and min(found) >= RELEASE and max(found) < RELEASE + SPREAD


@pytest.mark.parametrize(("limit", "spread"), [(7200, 7200), (10**9, MOST_SPREAD.total_seconds())])
def test_the_more_are_sold_ahead_the_longer_they_take_to_come_back(
    limit: int, spread: float
) -> None:
    found = [(one - RELEASE).total_seconds() for one in wakes(limit)]
    assert min(found) >= 0 and spread * 0.9 < max(found) < spread


def test_an_order_comes_back_by_the_limit_of_what_it_waits_for(shop: Shop) -> None:
    shop.ledger.products[GAME] = Product(GAME, releases_on=DAY, preorder_limit=40_000)
    shop.place("ord_a", ("GAME", 1))
    assert shop.order().due_at == wakes_at(OrderId("ord_a"), RELEASE, 40_000) > WAKES


def test_what_travels_together_waits_together(shop: Shop) -> None:
    shop.ledger.products[GAME] = Product(GAME, releases_on=DAY, keep_together="set")
    shop.ledger.products[MUG] = Product(MUG, keep_together="set")
    shop.place("ord_a", ("GAME", 1), ("MUG", 2), ("HAT", 1))
    assert shop.buckets() == [{B.PREORDERED: 1}, {B.PREORDERED: 2}, {B.BACKORDERED: 1}]
    (decision,) = shop.ledger.decisions.values()
    assert "not to leave before 2026-03-20 for GAME, MUG: preordered" in decision.why
    # Nobody gives it up, either.
    shop.now += timedelta(days=5)
    shop.route("ord_a", give_up_after=timedelta(days=1))
    assert shop.buckets() == [{B.PREORDERED: 1}, {B.PREORDERED: 2}, {B.CANCELLED: 1}]
    shop.now = RELEASE
    shop.route("ord_a")
    assert shop.buckets()[:2] == [{B.ALLOCATED: 1}, {B.ALLOCATED: 2}]
    assert len(shop.ledger.works) == 1


def test_what_travels_with_something_else_leaves_at_once(shop: Shop) -> None:
    shop.ledger.products[GAME] = Product(GAME, releases_on=DAY, keep_together="set")
    shop.ledger.products[MUG] = Product(MUG, keep_together="another")
    shop.place("ord_a", ("GAME", 1), ("MUG", 2))
    assert shop.buckets() == [{B.PREORDERED: 1}, {B.ALLOCATED: 2}]
