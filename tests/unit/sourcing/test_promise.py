"""When a parcel arrives."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from dom.model.order import Method
from dom.model.rules import Service
from dom.sourcing.promise import before_cutoff, days_of_waiting, delivers_by, leaves_by

NEW_YORK = "America/New_York"
SERVICE = Service()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def promised(now: str, transit: int, cutoff: time = time(14), **rest: object) -> str:
    method = rest.pop("method", Method.SHIP)
    service = Service(**rest)  # type: ignore[arg-type]
    until = delivers_by(at(now), NEW_YORK, cutoff, transit, method, service)  # type: ignore[arg-type]
    return until.isoformat()


@pytest.mark.parametrize(
    ("timezone", "cutoff", "now", "made"),
    [
        # UTC+2 (the POSIX name has the sign the other way round), cut-off 23:30.
        ("Etc/GMT-2", time(23, 30), "2026-03-04T21:29:59+00:00", True),
        ("Etc/GMT-2", time(23, 30), "2026-03-04T21:30:00+00:00", True),
        ("Etc/GMT-2", time(23, 30), "2026-03-04T21:30:01+00:00", False),
        ("Etc/GMT-2", time(23, 30), "2026-03-04T22:00:00+00:00", True),  # the next local day
        # UTC-2, cut-off 00:30: the UTC day is already another one.
        ("Etc/GMT+2", time(0, 30), "2026-03-04T02:29:00+00:00", True),
        ("Etc/GMT+2", time(0, 30), "2026-03-04T02:31:00+00:00", False),
        ("Etc/GMT+2", time(0, 30), "2026-03-05T01:59:00+00:00", False),
        ("Etc/GMT+2", time(0, 30), "2026-03-05T02:00:00+00:00", True),
    ],
)
def test_a_cutoff_is_local_and_inclusive(timezone: str, cutoff: time, now: str, made: bool) -> None:
    assert before_cutoff(at(now), timezone, cutoff) is made


def test_a_cutoff_passes_once_on_the_day_the_clocks_go_back() -> None:
    # New York, 1 November 2026: 01:00-02:00 comes twice; the cut-off is the first 01:30.
    cutoff = time(1, 30)
    assert before_cutoff(at("2026-11-01T01:29:00-04:00"), NEW_YORK, cutoff)
    assert not before_cutoff(at("2026-11-01T01:31:00-04:00"), NEW_YORK, cutoff)
    assert not before_cutoff(at("2026-11-01T01:15:00-05:00"), NEW_YORK, cutoff)


def test_a_cutoff_in_the_missing_hour_still_falls_on_that_day() -> None:
    # New York, 8 March 2026: 02:00-03:00 does not exist; 02:30 is the instant 03:30 summer time.
    cutoff = time(2, 30)
    assert before_cutoff(at("2026-03-08T01:59:00-05:00"), NEW_YORK, cutoff)
    assert before_cutoff(at("2026-03-08T03:29:00-04:00"), NEW_YORK, cutoff)
    assert not before_cutoff(at("2026-03-08T03:31:00-04:00"), NEW_YORK, cutoff)


def test_delivery_by_eight_in_the_evening_moves_with_summer_time() -> None:
    # Friday before the change, two days: Saturday is one, Sunday is none, Monday is the second.
    assert promised("2026-03-06T10:00:00-05:00", 2) == "2026-03-10T00:00:00+00:00"
    assert promised("2026-02-27T10:00:00-05:00", 2) == "2026-03-03T01:00:00+00:00"


def test_carriers_rest_on_sundays() -> None:
    saturday_evening = "2026-03-14T18:00:00-04:00"
    assert promised(saturday_evening, 1) == "2026-03-18T00:00:00+00:00"  # picked up Mon, there Tue
    assert promised("2026-03-14T12:00:00-04:00", 1) == "2026-03-17T00:00:00+00:00"


def test_holidays_are_no_days() -> None:
    closed = frozenset({date(2026, 12, 25)})
    assert promised("2026-12-24T10:00:00-05:00", 1) == "2026-12-26T01:00:00+00:00"
    assert promised("2026-12-24T10:00:00-05:00", 1, holidays=closed) == "2026-12-27T01:00:00+00:00"


def test_a_pickup_is_ready_the_same_day_even_on_a_sunday() -> None:
    sunday = "2026-03-15T10:00:00-04:00"
    assert promised(sunday, 0, method=Method.PICKUP) == "2026-03-16T00:00:00+00:00"
    late = "2026-03-15T15:00:00-04:00"
    assert promised(late, 0, method=Method.PICKUP) == "2026-03-17T00:00:00+00:00"


def test_started_days_count_as_waiting() -> None:
    now = at("2026-03-04T12:00:00+00:00")
    assert days_of_waiting(now, at("2026-03-05T12:00:00+00:00")) == 1
    assert days_of_waiting(now, at("2026-03-05T12:00:01+00:00")) == 2
    assert days_of_waiting(now, at("2026-03-03T12:00:00+00:00")) == 0


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2026-03-05T13:00:00-05:00", "2026-03-06T00:00:00-05:00"),
        ("2026-03-05T15:00:00-05:00", "2026-03-07T00:00:00-05:00"),
        # Saturday after the cut-off: Monday, and the clocks go forward in between.
        ("2026-03-07T15:00:00-05:00", "2026-03-10T00:00:00-04:00"),
    ],
)
def test_what_is_to_leave_on_a_day_may_leave_until_its_midnight(now: str, leaves: str) -> None:
    found = leaves_by(at(now), NEW_YORK, time(14), Method.SHIP, SERVICE)
    assert found == at(leaves)
