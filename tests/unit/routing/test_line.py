"""Who waits for stock goes first: by priority, then age, whoever comes and whenever it comes in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from dom.model.commit import Commit
from dom.model.ids import LocationId, Sku
from dom.model.order import Bucket, Method, Order, ShipGroup
from dom.model.queue import rank_of
from dom.routing import line as lines
from dom.routing.demand import demands_of
from dom.routing.route import route_all
from dom.sourcing.solve import turn
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import NOW, line
from support.line_shop import Shop, bought

B = Bucket


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_a_fresh_order_does_not_take_what_an_older_one_waits_for(shop: Shop) -> None:
    shop.place(bought("ord_old", 9, ("MUG", 2)))
    shop.comes("MUG", "RENO", 2)
    shop.place(bought("ord_new", 0, ("MUG", 1)))
    assert (shop.units("ord_old"), shop.units("ord_new")) == (2, 0)
    assert [one.order_id for one in shop.ledger.line("MUG")] == ["ord_new"]


def test_one_of_higher_priority_does(shop: Shop) -> None:
    shop.place(bought("ord_old", 9, ("MUG", 1)))
    shop.comes("MUG", "RENO", 1)
    shop.place(bought("ord_vip", 0, ("MUG", 1), priority=1))
    assert (shop.units("ord_old"), shop.units("ord_vip")) == (0, 1)


def test_an_order_that_lacks_several_is_let_go_first_for_any_of_them(shop: Shop) -> None:
    shop.place(bought("ord_old", 9, ("CAP", 1), ("MUG", 1)))
    shop.comes("MUG", "RENO", 1)
    shop.place(bought("ord_new", 0, ("MUG", 1)))
    assert (shop.units("ord_old"), shop.units("ord_new")) == (1, 0)


def test_those_ahead_bring_those_who_are_ahead_of_them(shop: Shop) -> None:
    shop.place(bought("ord_1", 9, ("CAP", 1)), bought("ord_2", 8, ("CAP", 1), ("MUG", 1)))
    shop.comes("MUG", "RENO", 1)
    shop.comes("CAP", "RENO", 1)
    shop.place(bought("ord_3", 0, ("MUG", 1)))
    assert [shop.units(f"ord_{n}") for n in (1, 2, 3)] == [1, 1, 0]


def test_what_those_ahead_cannot_use_is_for_the_next(shop: Shop) -> None:
    old = bought("ord_old", 9, ("MUG", 1))
    away = [replace(one, excluded=(LocationId("RENO"),)) for one in old.lines]
    shop.place(old.with_lines(away))
    shop.comes("MUG", "RENO", 1)
    shop.place(bought("ord_new", 0, ("MUG", 1)))
    assert (shop.units("ord_old"), shop.units("ord_new")) == (0, 1)


def test_lines_are_read_only_where_somebody_waits_and_something_is_there(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    ahead = shop.ledger.ahead
    note = lambda sku, *rest: (asked.append(sku), ahead(sku, *rest))[1]  # noqa: E731
    monkeypatch.setattr(shop.ledger, "ahead", note)
    shop.place(bought("ord_a", 9, ("MUG", 1), ("CAP", 1)))
    shop.comes("MUG", "RENO", 1)
    shop.comes("HAT", "RENO", 1)
    shop.place(bought("ord_b", 0, ("MUG", 1), ("CAP", 1), ("HAT", 1)))
    assert asked == ["MUG"]


def test_no_more_are_let_go_first_than_a_batch_can_hold(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MOST_AHEAD", 2)
    shop.place(*(bought(f"ord_{n}", 9 - n, ("MUG", 1)) for n in range(3)))
    shop.comes("MUG", "RENO", 3)
    shop.place(bought("ord_new", 0, ("MUG", 1)))
    assert [shop.units(f"ord_{n}") for n in range(3)] == [1, 1, 0]


def test_however_many_lines_there_are_a_batch_stays_bounded(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MOST_GUESTS", 2)
    skus = ("CAP", "MUG", "PEN")
    shop.place(*(bought(f"ord_{sku}", 9, (sku, 1)) for sku in skus))
    for sku in skus:
        shop.comes(sku, "RENO", 1)
    fresh = bought("ord_new", 0, *((sku, 1) for sku in skus))
    assert len(lines.those_ahead([fresh], shop.ports).guests) == 2


def test_one_ahead_that_breaks_the_solver_stops_nobody_behind_it(shop: Shop) -> None:
    groups = (ShipGroup("sg1", Method.SHIP, "nowhere"),)  # type: ignore[arg-type]
    waits = [line("1", buckets={B.BACKORDERED: 1})]
    broken = replace(bought("ord_old", 9), lines=tuple(waits), ship_groups=groups)
    shop.ledger.commit(Commit("placed", NOW, "test", orders=(broken,)))
    shop.comes("MUG", "RENO", 50)
    names = [f"ord_{n}" for n in range(3)]
    for name in names:
        shop.ledger.orders[name] = bought(name, 0, ("MUG", 1))
    outcome = route_all(names, shop.ports)
    assert (outcome.failed, outcome.counts["RoutingErrors"], len(outcome.errors)) == ([], 1, 1)
    assert [shop.units(name) for name in names] == [1, 1, 1]


def test_one_ahead_that_was_written_meanwhile_is_decided_anew(shop: Shop) -> None:
    shop.place(bought("ord_old", 9, ("MUG", 1)))
    shop.comes("MUG", "RENO", 1)

    def told(commit: Commit) -> None:
        shop.ledger.before = lambda commit: None
        found = shop.ledger.orders["ord_old"]
        shop.ledger.orders["ord_old"] = replace(found, name="#7", version=found.version + 1)

    shop.ledger.before = told
    shop.route("ord_old")
    assert (shop.units("ord_old"), shop.ledger.orders["ord_old"].name) == (1, "#7")


@given(st.data())
def test_a_line_is_sorted_as_a_batch_is_solved(data: st.DataObject) -> None:
    ages, priorities = st.integers(0, 3), st.integers(-2, 2)
    made = [
        bought(f"ord_{n}", data.draw(ages), ("MUG", 1), priority=data.draw(priorities))
        for n in range(5)
    ]
    solved = sorted(made, key=lambda one: turn(demands_of(one)[0]))
    assert sorted(made, key=rank_of) == solved


WANTED = st.dictionaries(st.sampled_from(("MUG", "CAP")), st.integers(1, 3), min_size=1)
STEP = st.one_of(
    st.tuples(st.just("buy"), WANTED, st.sampled_from((0, 0, 1)), st.booleans()),
    st.tuples(st.just("in"), st.sampled_from(("MUG", "CAP")), st.booleans(), st.integers(1, 4)),
    st.tuples(st.just("look"), st.integers(0, 9)),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(STEP, max_size=12))
def test_nobody_ships_before_one_ahead_who_could_have_had_it_and_nobody_starves(
    steps: list[Any],
) -> None:
    shop = Shop()
    names: list[str] = []
    for number, (what, *rest) in enumerate(steps):
        before = dict(shop.ledger.orders)
        if what == "buy":
            names.append(name := f"ord_{number:02}")
            made = bought(name, 99 - number, *sorted(rest[0].items()), priority=rest[1])
            away = (LocationId("RENO"),) if rest[2] else ()
            shop.place(made.with_lines(replace(x, excluded=away) for x in made.lines))
        elif what == "in":
            shop.comes(rest[0], "RENO" if rest[1] else "BOSTON", rest[2])
        elif names:
            shop.route(names[rest[0] % len(names)])
        _assert_fair(before, shop)
    for name in [*names, *names]:
        shop.comes("MUG", "BOSTON", 2)
        shop.comes("CAP", "BOSTON", 2)
        shop.route(name)
    assert all(shop.units(name, B.BACKORDERED) == 0 for name in names)
    assert not shop.ledger.standing and shop.ledger.lengths(["MUG", "CAP"]) == {}


def _assert_fair(before: dict[str, Order], shop: Shop) -> None:
    """Of each unit given in this step: nobody ahead, who could go there, still lacks its SKU."""
    for work in shop.ledger.works.values():
        mine = shop.ledger.orders[work.order_id]
        number = int(work.id.rpartition("-")[2])
        if work.order_id in before and before[work.order_id].fulfillment_orders >= number:
            continue
        for part in work.lines:
            for other in shop.ledger.orders.values():
                if rank_of(other) < rank_of(mine):
                    assert not _lacks(other, part.sku, work.location_id), (other, work)


def _lacks(one: Order, sku: Sku, place: LocationId) -> bool:
    lines = (x for x in one.lines if x.sku == sku and place not in x.excluded)
    return any(x.units(B.BACKORDERED) + x.units(B.PENDING) for x in lines)
