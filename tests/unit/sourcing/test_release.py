"""When work is told to its location: waves, cut-offs and clocks that change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from dom.model.location import Location, LocationType
from dom.model.order import Method
from dom.model.rules import Service
from dom.sourcing.release import next_wave, release_at
from hypothesis import given
from hypothesis import strategies as st
from support.builders import location

MORNING = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)  # 10:00 in New York, a Wednesday
TEN, TWO = time(10, 30), time(14, 0)
TWICE = Service(waves={LocationType.WAREHOUSE: (TEN, TWO)})


def warehouse(**rest: Any) -> Location:
    return location("NYC", timezone="America/New_York", **rest)


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[misc, arg-type]


def told(now: datetime, service: Service = TWICE, **rest: Any) -> datetime:
    place = rest.pop("place", warehouse())
    return release_at(place, rest.pop("method", Method.SHIP), service, now, **rest)


def test_a_warehouse_is_told_at_its_next_wave() -> None:
    assert told(MORNING) == at(2026, 3, 4, 15, 30)
    assert told(at(2026, 3, 4, 15, 30)) == at(2026, 3, 4, 19, 0)


def test_the_next_wave_is_tomorrows_when_todays_are_over_and_the_cutoff_allows_it() -> None:
    # 17:00: after the cut-off at 16:00, so that it leaves tomorrow anyway
    assert told(at(2026, 3, 4, 22, 0)) == at(2026, 3, 5, 15, 30)


def test_the_latest_start_that_keeps_the_promise_comes_before_a_later_wave() -> None:
    # 15:00: the next wave is tomorrow's, but today's cut-off at 16:00 was promised
    assert told(at(2026, 3, 4, 20, 0)) == at(2026, 3, 4, 21, 0)


def test_what_is_late_already_is_told_at_once() -> None:
    assert told(MORNING, late=True) == MORNING


def test_same_day_and_stores_are_told_at_once() -> None:
    store = warehouse(type=LocationType.STORE)
    assert told(MORNING, method=Method.SAME_DAY) == MORNING
    assert told(MORNING, place=store, delay=timedelta(hours=1)) == MORNING


def test_a_location_can_have_waves_of_its_own() -> None:
    own = Service(waves=TWICE.waves, waves_at={warehouse().location_id: (time(11),)})
    assert told(MORNING, own) == at(2026, 3, 4, 16, 0)
    assert told(MORNING, Service(waves_at={warehouse().location_id: ()}), delay=timedelta()) == (
        MORNING
    )


def test_without_waves_a_warehouse_waits_as_long_as_set_but_not_beyond_the_cutoff() -> None:
    assert told(MORNING, Service(), delay=timedelta(minutes=20)) == at(2026, 3, 4, 15, 20)
    assert told(MORNING, Service(), delay=timedelta(days=2)) == at(2026, 3, 4, 21, 0)


@pytest.mark.parametrize(
    "closed", [{"closed_weekdays": frozenset({2})}, {"closed_dates": frozenset({date(2026, 3, 4)})}]
)
def test_there_is_no_wave_on_a_day_on_which_the_location_is_closed(closed: Any) -> None:
    place = warehouse(**closed)
    assert next_wave(place, (TEN,), Service(), MORNING) == at(2026, 3, 5, 15, 30)


def test_a_location_that_never_works_has_no_wave() -> None:
    place = warehouse(closed_weekdays=frozenset(range(7)))
    assert next_wave(place, (TEN,), Service(), MORNING) is None
    assert told(MORNING, place=place) == at(2026, 3, 4, 21, 0)


def test_a_wave_that_the_clocks_skip_happens_an_hour_later() -> None:
    before = at(2026, 3, 8, 6, 0)  # 01:00 EST; 02:30 does not exist that night
    assert next_wave(warehouse(), (time(2, 30),), Service(), before) == at(2026, 3, 8, 7, 30)


def test_a_wave_that_the_clocks_pass_twice_happens_once() -> None:
    wave, place = (time(1, 30),), warehouse()
    first = at(2026, 11, 1, 5, 30)  # 01:30 EDT
    assert next_wave(place, wave, Service(), at(2026, 11, 1, 5, 0)) == first
    assert next_wave(place, wave, Service(), first) == at(2026, 11, 2, 6, 30)


@given(
    st.integers(0, 365 * 24 * 60),
    st.lists(st.times(), max_size=3),
    st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "UTC"]),
)
def test_work_is_told_never_in_the_past_and_never_after_the_cutoff(
    minutes: int, waves: list[time], zone: str
) -> None:
    now = at(2026, 1, 1) + timedelta(minutes=minutes)
    service = Service(waves={LocationType.WAREHOUSE: tuple(waves)})
    place = location("X", timezone=zone)
    found = release_at(place, Method.SHIP, service, now, delay=timedelta(hours=5))
    assert now <= found
    assert found <= now + timedelta(days=3)
