"""A shortage at a location: the newest work that nobody picks goes elsewhere, and no more of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dom.errors import Busy, CommitRefused
from dom.fulfillment.relieve import relieve
from dom.fulfillment.unpicked import MOST_WORKS
from dom.model.commit import Commit
from dom.model.fulfillment import FulfillmentStatus
from dom.model.ids import OrderId
from dom.model.order import Bucket, Method
from dom.model.stock import Position
from dom.model.supplier import SupplierTerms
from hypothesis import given
from hypothesis import strategies as st
from support.builders import NOW
from support.shelf import MOVABLE, MUG, RENO, Shelf

S, B = FulfillmentStatus, Bucket


def relieved(shelf: Shelf) -> int:
    return relieve(MUG, RENO, shelf, shelf.floor).short


def test_the_newest_goes_first_and_no_more_than_is_missing() -> None:
    shelf = Shelf()
    names = [shelf.add(S.RELEASED, 2), shelf.add(S.ACCEPTED, 2), shelf.add(S.ASSIGNED, 2)]
    shelf.lose(3)
    assert (relieved(shelf), shelf.held(names)) == (0, [2, 1, 0])
    newest = shelf.ledger.works[names[2]]
    assert (newest.status, newest.cancel_reason) == (S.CANCELLED, "short")
    bought = [shelf.ledger.orders[OrderId(f"ord_{n}")].lines[0] for n in range(3)]
    assert [one.units(B.PENDING) for one in bought] == [0, 1, 2]
    # Nobody is to blame: once it is there again, the location may get it again.
    assert all(not one.excluded for one in bought)
    assert (relieved(shelf), shelf.held(names)) == (0, [2, 1, 0])


def test_nothing_moves_where_nothing_is_missing() -> None:
    shelf = Shelf()
    shelf.add(S.RELEASED, 2)
    before = dict(shelf.ledger.works)
    assert relieved(shelf) == 0 and shelf.ledger.works == before


def test_what_is_picked_or_packed_stays_and_is_told() -> None:
    shelf = Shelf()
    names = [shelf.add(S.PICKING, 2), shelf.add(S.PACKED, 1), shelf.add(S.RELEASED, 1)]
    shelf.lose(4)
    assert (relieved(shelf), shelf.held(names)) == (3, [2, 1, 0])


def test_a_yes_of_a_supplier_is_worth_more_than_its_list() -> None:
    shelf = Shelf()
    terms = SupplierTerms(NOW, 3600, 3600)
    names = [shelf.add(S.RELEASED, 1, dropship=terms), shelf.add(S.ACCEPTED, 1, dropship=terms)]
    shelf.lose(2)
    assert (relieved(shelf), shelf.held(names)) == (1, [0, 1])


def test_a_pickup_is_not_sent_elsewhere_without_its_customer() -> None:
    shelf = Shelf()
    shelf.add(S.RELEASED, 1, method=Method.PICKUP)
    shelf.lose(1)
    assert relieved(shelf) == 0
    assert shelf.ledger.orders[OrderId("ord_0")].hold_reason == "inventory_out_of_stock"


def test_two_who_see_one_shortage_move_it_once() -> None:
    """The other one is done between our read and our write: what it wrote is read again."""
    shelf = Shelf()
    names = [shelf.add(S.RELEASED, 1), shelf.add(S.RELEASED, 1), shelf.add(S.RELEASED, 1)]
    shelf.lose(1)

    def other(_: Commit) -> None:
        shelf.ledger.before = lambda _: None
        relieved(shelf)

    shelf.ledger.before = other
    assert (relieved(shelf), shelf.held(names)) == (0, [1, 1, 0])


def test_a_pick_and_a_shortage_of_the_same_units_have_one_winner() -> None:
    shelf = Shelf()
    (name,) = [shelf.add(S.ACCEPTED, 1)]
    shelf.lose(1)

    def picked(_: Commit) -> None:
        shelf.ledger.before = lambda _: None
        was = shelf.ledger.works[name]
        shelf.ledger.works[name] = replace(was, status=S.PICKING, version=was.version + 1)

    shelf.ledger.before = picked
    assert relieved(shelf) == 1
    assert shelf.ledger.works[name].status is S.PICKING


def test_goods_that_come_meanwhile_keep_the_work_where_it_is() -> None:
    shelf = Shelf()
    name = shelf.add(S.RELEASED, 1)
    shelf.lose(1)

    def arrived(_: Commit) -> None:
        shelf.ledger.before = lambda _: None
        shelf._move(1, 0)
        raise CommitRefused(())

    shelf.ledger.before = arrived
    assert relieved(shelf) == 0 and shelf.held([name]) == [1]


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
    shelf = Shelf()
    names = [shelf.add(status, *units) for status, units in works]
    held = sum(sum(units) for _, units in works)
    fixed = sum(sum(units) for status, units in works if status not in MOVABLE)
    lost = min(lost, held)
    shelf.lose(lost)
    movable = held - fixed
    assert relieved(shelf) == max(0, lost - movable) == shelf.short
    assert sum(shelf.held(names)) == held - min(lost, movable)
    for one in shelf.ledger.orders.values():
        assert all(sum(x.buckets.values()) == x.quantity for x in one.lines)
    # A younger one never keeps what an older one had to give.
    kept = [(n, k) for n, k in enumerate(shelf.held(names)) if works[n][0] in MOVABLE]
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
    shelf = Shelf()
    names = [shelf.add(S.RELEASED, 1), shelf.add(S.RELEASED, 1, settling="cancelled")]
    shelf.lose(1)
    assert (relieved(shelf), shelf.held(names)) == (0, [0, 1])


def test_many_are_given_back_in_several_calls() -> None:
    shelf = Shelf()
    for _ in range(MOST_WORKS + 2):
        shelf.add(S.RELEASED, 1)
    shelf.lose(MOST_WORKS + 2)
    assert (relieved(shelf), relieved(shelf)) == (2, 0)


def test_one_that_keeps_changing_stops_no_other() -> None:
    shelf = Shelf()
    names = [shelf.add(S.RELEASED, 1), shelf.add(S.RELEASED, 1)]
    shelf.lose(2)

    def refuse(commit: Commit) -> None:
        if commit.fulfillment_orders[0].id == names[1]:
            raise CommitRefused(())

    shelf.ledger.before = refuse
    with pytest.raises(Busy):
        relieved(shelf)
    assert shelf.held(names) == [0, 1]
