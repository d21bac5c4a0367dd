"""What those in line for a SKU may expect: by what is on its way, told whenever that moves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest
from dom.fulfillment import look_along as looking
from dom.fulfillment.foresee import foresee
from dom.fulfillment.look_along import Horizon, look_along
from dom.fulfillment.ports import Floor
from dom.model.commit import Commit
from dom.model.foretell import foretell
from dom.model.ids import LocationId, OrderId, Sku
from dom.model.incoming import Incoming, IncomingSupply
from dom.model.order import Bucket, Order
from dom.model.prospect import UNKNOWN, Prospect
from dom.model.queue import Waiting, prospect_of
from dom.model.rules import RuleSet
from dom.model.supply import SupplyId
from hypothesis import given
from hypothesis import strategies as st
from support.builders import NOW, line, location, order
from support.fakes import FakeLedger, FakePlaces

B = Bucket
MUG, CAP = Sku("MUG"), Sku("CAP")
RENO = LocationId("RENO")
TODAY = NOW.date()
FIRST, SECOND = SupplyId("po_1"), SupplyId("po_2")


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


@dataclass
class Yard:
    """A ledger, what is on its way, and the looks along its lines."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    coming: dict[Sku, IncomingSupply] = field(default_factory=dict)
    now: Any = NOW

    def __post_init__(self) -> None:
        self.ledger.open(location("RENO"), location("SHUT", active=False))

    def documents(self, skus: Any) -> dict[Sku, IncomingSupply]:
        return {sku: self.coming.get(sku, IncomingSupply(sku)) for sku in skus}

    def expects(self, sku: Sku, **orders: tuple[int, int | None]) -> None:
        """Units of that SKU, each so many days from now; None: nobody knows."""
        found = {
            SupplyId(name): Incoming(RENO, units, None if on is None else day(on))
            for name, (units, on) in orders.items()
        }
        self.coming[sku] = IncomingSupply(sku, found)

    def waits(self, name: str, age: int, *wanted: tuple[Sku, int], **group: Any) -> None:
        lines = [
            line(str(n), sku, k, buckets={B.BACKORDERED: k}) for n, (sku, k) in enumerate(wanted)
        ]
        made = order(name, *lines, version=0)
        groups = tuple(replace(one, **group) for one in made.ship_groups)
        placed_at = NOW - timedelta(hours=age)
        made = replace(made, placed_at=placed_at, ship_groups=groups)
        self.ledger.commit(Commit(name, NOW, "test", orders=(made,)))

    @property
    def floor(self) -> Floor:
        return Floor(self.ledger, self.ledger, self.ledger, self.ledger, lambda: self.now)

    def look(self, sku: Sku = MUG) -> bool:
        ledger = self.ledger
        places = FakePlaces(ledger, tuple(ledger.places.values()))
        return look_along(sku, Horizon(self.floor, ledger, self, ledger, places, RuleSet()))

    def order(self, name: str) -> Order:
        return self.ledger.orders[name]

    def days(self, *names: str) -> list[date | None]:
        found = (prospect_of(self.order(name), "sg1", TODAY) for name in names)
        return [one.on if one else None for one in found]

    def moves(self, name: str) -> list[tuple[str, str, str]]:
        """Of each move the day before and after, "" for none, and why."""
        told = (one.data for one in self.order(name).history if one.type == "PromiseMoved")
        return [(_day(one["old"]), _day(one["new"]), str(one["reason"])) for one in told]


def _day(moment: object) -> str:
    return str(moment or "")[:10]


@pytest.fixture
def yard() -> Yard:
    return Yard()


def test_what_comes_first_is_for_the_first_in_line(yard: Yard) -> None:
    yard.waits("ord_new", 1, (MUG, 1))
    yard.waits("ord_old", 9, (MUG, 2))
    yard.waits("ord_last", 0, (MUG, 9))
    yard.expects(MUG, po_1=(2, 3), po_2=(4, 6))
    assert not yard.look()
    assert yard.days("ord_old", "ord_new", "ord_last") == [day(4), day(7), None]
    prospect = yard.order("ord_old").prospects[MUG]
    assert prospect.by == FIRST and prospect.until
    assert prospect.until.date() > day(4)
    assert yard.order("ord_last").prospects == {MUG: UNKNOWN}


def test_a_customer_learns_the_day_and_each_later_one_and_that_nobody_knows(yard: Yard) -> None:
    yard.waits("ord_a", 1, (MUG, 1))
    yard.expects(MUG, po_1=(5, 3))
    yard.look()
    (first,) = yard.moves("ord_a")
    assert first[0] == "" and first[2] == "supply"
    yard.expects(MUG, po_1=(5, 10))
    yard.look()
    _, second = yard.moves("ord_a")
    assert second[0] == first[1] and second[1] > first[1]
    yard.expects(MUG)
    yard.look()
    assert yard.moves("ord_a")[2:] == [(second[1], "", "supply")]
    yard.look()
    assert len(yard.moves("ord_a")) == 3


def test_who_was_promised_a_later_day_is_told_nothing_until_it_cannot_be_kept(yard: Yard) -> None:
    yard.waits("ord_a", 1, (MUG, 1), promised_by=NOW + timedelta(days=30))
    yard.expects(MUG, po_1=(5, 3))
    yard.look()
    assert yard.moves("ord_a") == [] and yard.days("ord_a") == [day(4)]
    yard.expects(MUG, po_1=(5, 60))
    yard.look()
    (moved,) = yard.moves("ord_a")
    assert moved[0] == day(30).isoformat() and moved[1] > day(60).isoformat()


def test_of_several_skus_the_last_day_counts_and_one_unknown_day_is_none(yard: Yard) -> None:
    yard.waits("ord_a", 1, (MUG, 1), (CAP, 1))
    yard.expects(MUG, po_1=(5, 3))
    yard.look()
    assert yard.days("ord_a") == [None]
    yard.expects(CAP, po_2=(5, 8))
    yard.look(CAP)
    assert yard.days("ord_a") == [day(9)]


def test_what_is_there_is_about_to_be_given_and_changes_nothing_for_the_first(yard: Yard) -> None:
    yard.waits("ord_a", 9, (MUG, 2))
    yard.waits("ord_b", 1, (MUG, 1))
    yard.expects(MUG, po_1=(3, 3))
    yard.look()
    # Two of the three have come, and are not given yet; two more lie where nobody works.
    yard.ledger.stock("MUG", "RENO", 2)
    yard.ledger.stock("MUG", "SHUT", 2)
    yard.expects(MUG, po_1=(1, 3))
    before = dict(yard.ledger.orders)
    yard.look()
    assert yard.ledger.orders == before


def test_what_lies_where_work_is_taken_again_is_there(yard: Yard) -> None:
    yard.ledger.open(location("BACK", active=False, inactive_until=NOW))
    yard.waits("ord_a", 9, (MUG, 1))
    yard.waits("ord_b", 1, (MUG, 1))
    yard.ledger.stock("MUG", "BACK", 1)
    yard.expects(MUG, po_1=(1, 3))
    yard.look()
    assert yard.days("ord_b") == [day(4)]


def test_a_day_that_has_come_without_its_goods_is_no_day(yard: Yard) -> None:
    yard.waits("ord_a", 9, (MUG, 2))
    yard.expects(MUG, po_1=(3, 3))
    yard.look()
    assert yard.order("ord_a").look_at
    yard.now = yard.order("ord_a").look_at
    assert prospect_of(yard.order("ord_a"), "sg1", yard.now.date()) == UNKNOWN
    foresee("ord_a", yard.floor)
    yard.now = yard.order("ord_a").look_at
    foresee("ord_a", yard.floor)
    assert yard.moves("ord_a")[-1][1:] == ("", "short")


def test_a_long_line_is_looked_along_in_parts(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "MOST_MOVED", 2)
    names = [f"ord_{n}" for n in range(5)]
    for n, name in enumerate(names):
        yard.waits(name, 9 - n, (MUG, 1))
    yard.expects(MUG, po_1=(5, 3))
    assert [yard.look(), yard.look(), yard.look()] == [True, True, False]
    assert yard.days(*names) == [day(4)] * 5


def test_places_that_nobody_takes_any_more_do_not_stop_the_line(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST_MOVED", 1)
    for n in range(3):
        yard.waits(f"ord_{n}", 9 - n, (MUG, 1))
    yard.expects(MUG, po_1=(5, 3))
    del yard.ledger.orders["ord_0"], yard.ledger.orders["ord_1"]
    assert not yard.look() and yard.days("ord_2") == [day(4)]


def test_an_order_that_moves_meanwhile_is_looked_at_again(yard: Yard) -> None:
    yard.waits("ord_a", 9, (MUG, 2))
    yard.expects(MUG, po_1=(3, 3))

    def other(commit: Commit) -> None:
        yard.ledger.before = lambda commit: None
        stored = yard.order("ord_a")
        yard.ledger.orders["ord_a"] = replace(stored, version=stored.version + 1)

    yard.ledger.before = other
    assert yard.look() and not yard.look()
    assert yard.days("ord_a") == [day(4)]


SUPPLY = st.dictionaries(
    st.sampled_from([SupplyId(f"po_{n}") for n in range(4)]),
    st.builds(Incoming, st.just(RENO), st.integers(1, 5), st.none() | st.integers(-2, 5).map(day)),
)


@given(st.lists(st.integers(1, 4), max_size=6), st.integers(0, 6), SUPPLY)
def test_nobody_is_told_a_day_on_which_the_line_up_to_there_has_too_little(
    wanted: list[int], there: int, orders: dict[SupplyId, Incoming]
) -> None:
    waiting = [Waiting(OrderId(str(n)), str(n), units) for n, units in enumerate(wanted)]
    told = list(foretell(waiting, there, IncomingSupply(MUG, orders), TODAY))
    assert [one for one, _ in told] == waiting

    def by(on: date) -> int:
        dated = [x for x in orders.values() if x.on and not x.overdue(TODAY)]
        return there + sum(x.units for x in dated if x.on and x.on < on)

    for n, (_, found) in enumerate(told):
        needed = sum(wanted[: n + 1])
        if found.on is None:
            assert needed <= there or by(date.max) < needed
        else:
            assert by(found.on) >= needed > by(found.on - timedelta(days=1))
            assert found.by and orders[found.by].on == found.on - timedelta(days=1)


def test_a_prospect_is_the_same_whenever_its_parcel_arrives() -> None:
    one = Prospect(day(1), FIRST)
    assert replace(one, until=NOW).same_as(one)
    assert not one.same_as(Prospect(day(1), SECOND)) and not one.same_as(None)
