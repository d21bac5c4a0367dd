"""A location can do less of a day than it has: the newest unpicked work goes, and no more of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from dom.errors import CommitRefused
from dom.fulfillment.lighten import lighten
from dom.fulfillment.unpicked import MOST_WORKS
from dom.model.commit import Commit
from dom.model.effort import UNITS
from dom.model.fulfillment import FulfillmentStatus
from dom.model.ids import OrderId
from dom.model.order import Bucket, Method
from dom.model.supplier import SupplierTerms
from hypothesis import given
from hypothesis import strategies as st
from support.builders import NOW
from support.shelf import MOVABLE, RENO, Shelf

S = FulfillmentStatus
TODAY = NOW.date()


def lightened(shelf: Shelf) -> int:
    return lighten(RENO, shelf, shelf, shelf.floor)


def bounded(shelf: Shelf, **days: int) -> dict[str, Any]:
    """Bounds of what is left of today, of 10 slots and 100 effort units a day."""
    state = shelf.ledger.states["RENO"]
    left = {f"{name}#{TODAY.isoformat()}": units for name, units in days.items()}
    state |= {"daily_capacity": 10, "daily_effort": 100, **left}
    return state


def several(shelf: Shelf, *statuses: S, **facts: Any) -> list[str]:
    return [shelf.add(one, 1, **{"capacity_day": TODAY, **facts}) for one in statuses]


def test_the_newest_goes_first_and_no_more_than_is_too_much() -> None:
    shelf = Shelf()
    names = several(shelf, S.RELEASED, S.ACCEPTED, S.ASSIGNED)
    state = bounded(shelf, left=-2)
    assert (lightened(shelf), shelf.held(names)) == (0, [1, 0, 0])
    assert state[f"left#{TODAY}"] == 0
    newest = shelf.ledger.works[names[2]]
    assert (newest.status, newest.cancel_reason) == (S.CANCELLED, "over_capacity")
    bought = shelf.ledger.orders[OrderId("ord_2")].lines[0]
    # Nobody is to blame: where there is room again it may come back.
    assert (bought.units(Bucket.PENDING), bought.excluded) == (1, ())
    assert (lightened(shelf), shelf.held(names)) == (0, [1, 0, 0])


def test_effort_alone_is_a_bound_too_and_what_takes_none_of_it_stays() -> None:
    shelf = Shelf()
    names = several(shelf, S.RELEASED, S.RELEASED, effort_rate=UNITS) + several(shelf, S.RELEASED)
    bounded(shelf, left=4, effort=-1)
    assert (lightened(shelf), shelf.held(names)) == (0, [1, 0, 1])


def test_other_days_are_left_alone() -> None:
    shelf = Shelf()
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    names = several(shelf, S.RELEASED, capacity_day=yesterday) + several(shelf, S.RELEASED)
    names += several(shelf, S.RELEASED, capacity_day=tomorrow)
    state = bounded(shelf, left=0)
    state[f"left#{yesterday}"] = -1
    assert (lightened(shelf), shelf.held(names)) == (0, [1, 1, 1])
    state[f"left#{tomorrow}"] = -1
    assert (lightened(shelf), shelf.held(names)) == (0, [1, 1, 0])


@pytest.mark.parametrize(
    "facts",
    [
        {"method": Method.PICKUP},
        {"method": Method.CURBSIDE},
        {"by_hand": "ana"},
        {"status": S.PICKING},
        {"status": S.PACKED},
        {"status": S.ACCEPTED, "dropship": SupplierTerms(NOW, 3600, 3600)},
    ],
)
def test_what_others_count_on_stays_and_is_told(facts: dict[str, Any]) -> None:
    shelf = Shelf()
    status = facts.pop("status", S.RELEASED)
    names = several(shelf, S.RELEASED) + several(shelf, status, **facts)
    bounded(shelf, left=-2, effort=-1)
    assert (lightened(shelf), shelf.held(names)) == (2, [0, 1])


def test_two_who_see_it_move_it_once() -> None:
    """The other one is done between our read and our write: the day is not over its bound then."""
    shelf = Shelf()
    names = several(shelf, S.RELEASED, S.RELEASED, S.RELEASED)
    bounded(shelf, left=-1)

    def other(_: Commit) -> None:
        shelf.ledger.before = lambda _: None
        lightened(shelf)

    shelf.ledger.before = other
    assert (lightened(shelf), shelf.held(names)) == (0, [1, 1, 0])


def test_a_bound_that_is_raised_meanwhile_keeps_the_work_where_it_is() -> None:
    shelf = Shelf()
    names = several(shelf, S.RELEASED)
    state = bounded(shelf, left=-1)

    def raised(_: Commit) -> None:
        shelf.ledger.before = lambda _: None
        state[f"left#{TODAY}"] = 0

    shelf.ledger.before = raised
    assert (lightened(shelf), shelf.held(names)) == (0, [1])


def test_work_that_keeps_changing_stops_no_other() -> None:
    shelf = Shelf()
    names = several(shelf, S.RELEASED, S.RELEASED)
    bounded(shelf, left=-1)

    def busy(commit: Commit) -> None:
        if any(work.id == names[1] for work in commit.fulfillment_orders):
            raise CommitRefused(())

    shelf.ledger.before = busy
    assert (lightened(shelf), shelf.held(names)) == (0, [0, 1])


def test_much_is_moved_in_several_looks() -> None:
    shelf = Shelf()
    several(shelf, *[S.RELEASED] * (MOST_WORKS + 2))
    bounded(shelf, left=-MOST_WORKS - 1)
    assert lightened(shelf) == 1
    assert lightened(shelf) == 0


def test_a_place_that_nobody_knows_has_nothing_too_much() -> None:
    shelf = Shelf()
    del shelf.ledger.states["RENO"]
    assert lightened(shelf) == 0


STATES = [*MOVABLE, S.PICKING, S.PACKED]


@given(statuses=st.lists(st.sampled_from(STATES), max_size=8), left=st.integers(-10, 3))
def test_what_is_left_over_is_in_hands_and_not_a_work_too_many_moves(
    statuses: list[S], left: int
) -> None:
    shelf = Shelf()
    names = several(shelf, *statuses)
    state = bounded(shelf, left=left)
    movable = sum(one in MOVABLE for one in statuses)
    moved = min(movable, max(0, -left))
    assert lightened(shelf) == max(0, -left - movable)
    assert sum(shelf.held(names)) == len(statuses) - moved
    assert state[f"left#{TODAY}"] == left + moved
