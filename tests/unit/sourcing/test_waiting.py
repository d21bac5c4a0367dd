"""New work may wait for more of its recipient's, or for the rest of its order: never too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from dom.model.location import LocationType
from dom.model.order import Method, ShipGroup
from dom.model.rules import Merging, Service
from dom.sourcing.promise import delivers_by
from dom.sourcing.waiting import recipient_of, wait, wait_of
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import NOW, location, order

# Wednesday, 7:00 at the location, which hands over until 16:00; two days on the way.
PLACE, SERVICE = location("RENO"), Service()
CUTOFF = SERVICE.cutoff
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def arrival(at: datetime = NOW) -> datetime:
    return delivers_by(at, PLACE.timezone, CUTOFF, 2, Method.SHIP, SERVICE)


def test_without_a_promise_the_day_that_is_told_moves_with_the_wait() -> None:
    until, told = wait(PLACE, SERVICE, NOW, arrival(), None, 2 * HOUR)
    assert (until, told) == (NOW + 2 * HOUR, arrival())
    until, told = wait(PLACE, SERVICE, NOW, arrival(), None, DAY)
    assert (until, told) == (NOW + DAY, arrival(NOW + DAY))
    assert told == arrival() + DAY


def test_a_promise_ends_the_wait_at_the_last_cut_off_that_keeps_it() -> None:
    until, told = wait(PLACE, SERVICE, NOW, arrival(), arrival() + HOUR, 3 * DAY)
    assert until == datetime(2026, 3, 5, 0, 0, tzinfo=UTC)  # 16:00 in Los Angeles, the same day
    assert told == arrival()
    until, told = wait(PLACE, SERVICE, NOW, arrival(), arrival() + DAY, 3 * DAY)
    assert until == datetime(2026, 3, 6, 0, 0, tzinfo=UTC)
    assert told == arrival() + DAY


def test_what_is_late_already_does_not_wait() -> None:
    assert wait(PLACE, SERVICE, NOW, arrival(), arrival() - DAY, DAY) == (NOW, arrival())


@given(
    start=st.integers(0, 24 * 14),
    minutes=st.integers(0, 60 * 24 * 9),
    slack=st.none() | st.integers(0, 60 * 24 * 9),
    closed=st.frozensets(st.integers(0, 6), max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_no_wait_is_longer_than_allowed_or_breaks_a_promise_that_could_be_kept(
    start: int, minutes: int, slack: int | None, closed: frozenset[int]
) -> None:
    place, now = replace(PLACE, closed_weekdays=closed), NOW + start * HOUR
    soonest = delivers_by(now, place.timezone, CUTOFF, 2, Method.SHIP, SERVICE)
    promised = None if slack is None else soonest + timedelta(minutes=slack)
    until, told = wait(place, SERVICE, now, soonest, promised, timedelta(minutes=minutes))
    assert now <= until <= now + timedelta(minutes=minutes)
    assert told >= soonest
    assert promised is None or told <= promised


@pytest.mark.parametrize(
    ("short", "minutes"), [(False, 30), (True, 600)], ids=["complete", "with a rest"]
)
def test_work_waits_longer_where_a_rest_of_its_order_is_still_to_come(
    short: bool, minutes: int
) -> None:
    rules = Merging(merge=True, merge_wait=30, consolidate_wait=600)
    assert wait_of(rules, short) == timedelta(minutes=minutes)


def test_only_what_is_sent_from_our_own_places_to_a_known_recipient_is_merged() -> None:
    on, group = Merging(merge=True), ShipGroup("sg1", Method.SHIP, recipient="m")
    supplier = replace(PLACE, type=LocationType.SUPPLIER)
    assert recipient_of(order(), group, PLACE, on) == "m"
    assert recipient_of(order(), group, PLACE, Merging()) is None
    assert recipient_of(order(), group, supplier, on) is None
    assert recipient_of(order(ship_after=NOW), group, PLACE, on) is None
    for method in set(Method) - {Method.SHIP}:
        assert recipient_of(order(), replace(group, method=method), PLACE, on) is None
