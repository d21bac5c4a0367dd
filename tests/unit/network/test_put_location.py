"""Locations are described as a whole, and every change is told once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dom.errors import Busy, CommitRefused
from dom.network.put_location import KEPT_ENTRIES, put_location
from support.builders import NOW, location
from support.fakes import frozen
from support.network import FakeNetwork

clock = frozen(NOW)


def test_a_new_location_starts_at_version_one_and_says_so() -> None:
    network = FakeNetwork()
    stored = put_location(location("RENO"), network, clock, "ops")
    assert stored == replace(location("RENO"), version=1)
    (entry,) = network.records["RENO"].history
    assert (entry.seq, entry.at, entry.type, entry.actor) == (1, NOW, "LocationChanged", "ops")
    assert entry.data["active"] is True


def test_a_change_counts_the_version_and_names_what_changed() -> None:
    network = FakeNetwork()
    put_location(location("RENO"), network, clock, "ops")
    closed = location("RENO", active=False, daily_capacity=50)
    assert put_location(closed, network, clock, "ops").version == 2
    entry = network.records["RENO"].history[-1]
    assert entry.seq == 2
    assert entry.data["changed"] == ["daily_capacity", "active"]


@pytest.mark.parametrize(
    ("before", "after", "lowered"),
    [
        ({"daily_capacity": 9}, {"daily_capacity": 8}, ["daily_capacity"]),
        ({"daily_effort": 9}, {"daily_effort": 0}, ["daily_effort"]),
        ({"daily_capacity": 9}, {"daily_capacity": 10}, None),
        ({"daily_capacity": 9}, {}, None),
        # What had no bound was not counted: nobody knows what is too much.
        ({}, {"daily_capacity": 1}, None),
    ],
)
def test_a_bound_that_allows_less_is_told(
    before: dict[str, int], after: dict[str, int], lowered: list[str] | None
) -> None:
    network = FakeNetwork()
    put_location(location("RENO", **before), network, clock, "ops")
    put_location(location("RENO", **after), network, clock, "ops")
    first, second = network.records["RENO"].history
    assert "lowered" not in first.data
    assert second.data.get("lowered") == lowered


def test_the_same_description_again_writes_nothing() -> None:
    network = FakeNetwork()
    first = put_location(location("RENO"), network, clock, "ops")
    assert put_location(location("RENO"), network, clock, "ops") == first
    assert network.saves == 1


def test_of_two_writers_the_last_one_wins() -> None:
    network = FakeNetwork()
    put_location(location("RENO"), network, clock, "ops")
    others = [location("RENO", name="Other")]

    def other_writer() -> None:
        if others:
            put_location(others.pop(), network, clock, "other")

    network.before = other_writer
    assert put_location(location("RENO", name="Mine"), network, clock, "ops").version == 3
    assert network.records["RENO"].location.name == "Mine"


def test_history_is_cut_so_that_reading_the_network_stays_cheap() -> None:
    network = FakeNetwork()
    for capacity in range(KEPT_ENTRIES + 5):
        put_location(location("RENO", daily_capacity=capacity), network, clock, "ops")
    history = network.records["RENO"].history
    assert [history[0].seq, history[-1].seq, len(history)] == [6, 25, 20]


def test_a_location_that_keeps_changing_is_busy() -> None:
    network = FakeNetwork()

    def refuse() -> None:
        raise CommitRefused(())

    network.before = refuse
    with pytest.raises(Busy):
        put_location(location("RENO"), network, clock, "ops")
