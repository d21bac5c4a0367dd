"""A shortage at a location: the newest work that nobody picks goes elsewhere, and no more of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from dom.errors import Busy, CommitRefused
from dom.fulfillment.ports import Floor
from dom.fulfillment.relieve import MOST_WORKS, relieve
from dom.model.commit import Commit
from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder, FulfillmentStatus
from dom.model.ids import FulfillmentOrderId, LocationId, OrderId, Sku
from dom.model.order import Bucket, Method
from dom.model.stock import Position
from dom.model.supplier import SupplierTerms
from dom.model.work_machine import BUCKET_OF
from hypothesis import given
from hypothesis import strategies as st
from support.builders import NOW, line, location, order, work
from support.fakes import FakeLedger, frozen

S, B = FulfillmentStatus, Bucket
MUG, RENO = Sku("MUG"), LocationId("RENO")
MOVABLE = {S.ASSIGNED, S.RELEASED, S.ACCEPTED}


@dataclass(frozen=True)
class Page:
    works: list[FulfillmentOrder]
    next: str | None = None


@dataclass
class Store:
    """A location with works of mugs, the first one the oldest; pages of one work each."""

    ledger: FakeLedger = field(default_factory=FakeLedger)

    def __post_init__(self) -> None:
        self.ledger.open(location("RENO"))
        self.ledger.stock("MUG", "RENO", 0)

    def add(self, status: S, *units: int, **facts: object) -> str:
        number = len(self.ledger.works)
        order_id, name = OrderId(f"ord_{number}"), FulfillmentOrderId(f"ord_{number}-1")
        lines = tuple(FulfillmentLine(str(n), MUG, one) for n, one in enumerate(units, 1))
        bucket = BUCKET_OF[status]
        bought = [line(x.line_id, "MUG", x.quantity, buckets={bucket: x.quantity}) for x in lines]
        self.ledger.orders[order_id] = order(order_id, *bought)
        made = work(status=status, lines=lines)
        at = NOW + timedelta(minutes=number)
        made = replace(made, id=name, order_id=order_id, created_at=at, **facts)  # type: ignore[arg-type]
        self.ledger.works[name] = made
        self._move(sum(units), sum(units))
        return name

    def lose(self, units: int) -> None:
        self._move(-units, 0)

    def _move(self, on_hand: int, reserved: int) -> None:
        key, was = next(iter(self.ledger.positions.items()))
        self.ledger.positions[key] = replace(
            was, on_hand=was.on_hand + on_hand, reserved=was.reserved + reserved
        )

    @property
    def short(self) -> int:
        (position,) = self.ledger.positions.values()
        return position.short

    @property
    def floor(self) -> Floor:
        return Floor(self.ledger, self.ledger, self.ledger, self.ledger, frozen(NOW))

    def find(self, location_id: LocationId, status: S | None, cursor: str | None) -> Page:
        names = sorted(n for n, x in self.ledger.works.items() if x.status is status)
        at = int(cursor or 0)
        following = str(at + 1) if at + 1 < len(names) else None
        return Page([self.ledger.works[n] for n in names[at : at + 1]], following)

    def relieve(self) -> int:
        return relieve(MUG, RENO, self, self.floor).short

    def held(self, names: Iterable[str]) -> list[int]:
        works = (self.ledger.works[name] for name in names)
        return [sum(x.quantity for x in w.lines) if w.status in BUCKET_OF else 0 for w in works]


def test_the_newest_goes_first_and_no_more_than_is_missing() -> None:
    store = Store()
    names = [store.add(S.RELEASED, 2), store.add(S.ACCEPTED, 2), store.add(S.ASSIGNED, 2)]
    store.lose(3)
    assert (store.relieve(), store.held(names)) == (0, [2, 1, 0])
    newest = store.ledger.works[names[2]]
    assert (newest.status, newest.cancel_reason) == (S.CANCELLED, "short")
    bought = [store.ledger.orders[OrderId(f"ord_{n}")].lines[0] for n in range(3)]
    assert [one.units(B.PENDING) for one in bought] == [0, 1, 2]
    # Nobody is to blame: once it is there again, the location may get it again.
    assert all(not one.excluded for one in bought)
    assert (store.relieve(), store.held(names)) == (0, [2, 1, 0])


def test_nothing_moves_where_nothing_is_missing() -> None:
    store = Store()
    store.add(S.RELEASED, 2)
    before = dict(store.ledger.works)
    assert store.relieve() == 0 and store.ledger.works == before


def test_what_is_picked_or_packed_stays_and_is_told() -> None:
    store = Store()
    names = [store.add(S.PICKING, 2), store.add(S.PACKED, 1), store.add(S.RELEASED, 1)]
    store.lose(4)
    assert (store.relieve(), store.held(names)) == (3, [2, 1, 0])


def test_a_yes_of_a_supplier_is_worth_more_than_its_list() -> None:
    store = Store()
    terms = SupplierTerms(NOW, 3600, 3600)
    names = [store.add(S.RELEASED, 1, dropship=terms), store.add(S.ACCEPTED, 1, dropship=terms)]
    store.lose(2)
    assert (store.relieve(), store.held(names)) == (1, [0, 1])


def test_a_pickup_is_not_sent_elsewhere_without_its_customer() -> None:
    store = Store()
    store.add(S.RELEASED, 1, method=Method.PICKUP)
    store.lose(1)
    assert store.relieve() == 0
    assert store.ledger.orders[OrderId("ord_0")].hold_reason == "inventory_out_of_stock"


def test_two_who_see_one_shortage_move_it_once() -> None:
    """The other one is done between our read and our write: what it wrote is read again."""
    store = Store()
    names = [store.add(S.RELEASED, 1), store.add(S.RELEASED, 1), store.add(S.RELEASED, 1)]
    store.lose(1)

    def other(_: Commit) -> None:
        store.ledger.before = lambda _: None
        store.relieve()

    store.ledger.before = other
    assert (store.relieve(), store.held(names)) == (0, [1, 1, 0])


def test_a_pick_and_a_shortage_of_the_same_units_have_one_winner() -> None:
    store = Store()
    (name,) = [store.add(S.ACCEPTED, 1)]
    store.lose(1)

    def picked(_: Commit) -> None:
        store.ledger.before = lambda _: None
        was = store.ledger.works[name]
        store.ledger.works[name] = replace(was, status=S.PICKING, version=was.version + 1)

    store.ledger.before = picked
    assert store.relieve() == 1
    assert store.ledger.works[name].status is S.PICKING


def test_goods_that_come_meanwhile_keep_the_work_where_it_is() -> None:
    store = Store()
    name = store.add(S.RELEASED, 1)
    store.lose(1)

    def arrived(_: Commit) -> None:
        store.ledger.before = lambda _: None
        store._move(1, 0)
        raise CommitRefused(())

    store.ledger.before = arrived
    assert store.relieve() == 0 and store.held([name]) == [1]


STATES = [*MOVABLE, S.PICKING, S.PACKED]


@given(
    works=st.lists(
        st.tuples(st.sampled_from(STATES), st.lists(st.integers(1, 4), min_size=1, max_size=3)),
        max_size=6,
    ),
    lost=st.integers(0, 40),
)
def test_what_is_left_short_is_in_hands_and_not_a_unit_too_many_moves(
    works: list[tuple[S, list[int]]], lost: int
) -> None:
    store = Store()
    names = [store.add(status, *units) for status, units in works]
    held = sum(sum(units) for _, units in works)
    fixed = sum(sum(units) for status, units in works if status not in MOVABLE)
    lost = min(lost, held)
    store.lose(lost)
    movable = held - fixed
    assert store.relieve() == max(0, lost - movable) == store.short
    assert sum(store.held(names)) == held - min(lost, movable)
    for one in store.ledger.orders.values():
        assert all(sum(x.buckets.values()) == x.quantity for x in one.lines)
    # A younger one never keeps what an older one had to give.
    kept = [(n, k) for n, k in enumerate(store.held(names)) if works[n][0] in MOVABLE]
    whole = [k == sum(works[n][1]) for n, k in kept]
    assert whole == sorted(whole, reverse=True)


@pytest.mark.parametrize(("unsellable", "short"), [(0, 0), (1, 0), (2, 1)])
def test_a_position_is_short_of_what_is_spoken_for(unsellable: int, short: int) -> None:
    # Safety stock is held back, not promised to anybody.
    made = Position(MUG, RENO, on_hand=4, unsellable=unsellable, reserved=3, safety_stock=9)
    assert made.short == short


def test_books_below_zero_of_which_nothing_is_spoken_for_are_not_short() -> None:
    assert Position(MUG, RENO, on_hand=-2).short == 0
    assert Position(MUG, RENO, on_hand=-2, reserved=1).short == 1


def test_work_that_is_on_its_way_to_another_state_is_left_to_it() -> None:
    store = Store()
    names = [store.add(S.RELEASED, 1), store.add(S.RELEASED, 1, settling="cancelled")]
    store.lose(1)
    assert (store.relieve(), store.held(names)) == (0, [0, 1])


def test_many_are_given_back_in_several_calls() -> None:
    store = Store()
    for _ in range(MOST_WORKS + 2):
        store.add(S.RELEASED, 1)
    store.lose(MOST_WORKS + 2)
    assert (store.relieve(), store.relieve()) == (2, 0)


def test_one_that_keeps_changing_stops_no_other() -> None:
    store = Store()
    names = [store.add(S.RELEASED, 1), store.add(S.RELEASED, 1)]
    store.lose(2)

    def refuse(commit: Commit) -> None:
        if commit.fulfillment_orders[0].id == names[1]:
            raise CommitRefused(())

    store.ledger.before = refuse
    with pytest.raises(Busy):
        store.relieve()
    assert store.held(names) == [0, 1]
