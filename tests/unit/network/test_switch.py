"""Locations are switched off and on again, by people or by the time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from dom.errors import Busy, CommitRefused, Conflict, InvalidInput, NotFound
from dom.network.ports import LocationRecord
from dom.network.put_location import OpenWork, put_location
from dom.network.switch import Switch, switch
from support.builders import NOW, location
from support.fakes import frozen
from support.network import FakeNetwork

HOUR = timedelta(hours=1)
clock = frozen(NOW)


def known() -> FakeNetwork:
    network = FakeNetwork()
    put_location(location("RENO", daily_capacity=5), network, clock, "ops")
    return network


def off(**rest: object) -> Switch:
    return Switch("RENO", active=False, **rest)  # type: ignore[arg-type]


def entry(network: FakeNetwork) -> dict[str, object]:
    return dict(network.records["RENO"].history[-1].data)


def test_one_that_is_switched_off_takes_no_work_and_keeps_all_else() -> None:
    network = known()
    shut = switch(off(reason="flood"), network, clock, "ana")
    assert (shut.active, shut.daily_capacity, shut.version) == (False, 5, 2)
    said = entry(network)
    assert (said["active"], said["open_work"], said["reason"]) == (False, "keep", "flood")
    assert said["changed"] == ["active"]


def test_switched_on_it_takes_work_again_whatever_was_said_before() -> None:
    network = known()
    switch(off(until=NOW + HOUR), network, clock, "ana")
    back = switch(Switch("RENO", active=True), network, clock, "bo")
    assert (back.active, back.inactive_until) == (True, None)
    assert "open_work" not in entry(network)


def test_until_then_it_is_off_and_then_on_without_anybody() -> None:
    network = known()
    until = NOW + HOUR
    shut = switch(off(until=until), network, clock, "ana")
    assert (shut.active, shut.inactive_until) == (False, until)
    assert entry(network)["until"] == "2026-03-04T16:00:00.000000Z"
    stored = network.records["RENO"].location
    assert not stored.at(until - timedelta(microseconds=1)).active
    assert stored.at(until) == replace(stored, active=True, inactive_until=None)


@pytest.mark.parametrize("ahead", [timedelta(), -HOUR])
def test_a_time_that_is_over_is_refused(ahead: timedelta) -> None:
    network = known()
    with pytest.raises(InvalidInput) as refused:
        switch(off(until=NOW + ahead), network, clock, "ana")
    assert (refused.value.field, network.saves) == ("until", 1)


def test_the_same_again_writes_nothing() -> None:
    network = known()
    for _ in range(2):
        switch(off(), network, clock, "ana")
    assert network.saves == 2


def test_that_its_work_is_to_move_is_said_each_time() -> None:
    network = known()
    for _ in range(2):
        switch(off(open_work=OpenWork.REROUTE), network, clock, "ana")
    assert (network.saves, entry(network)["open_work"]) == (3, "reroute")


def test_a_description_that_closes_it_has_its_waiting_work_planned_again() -> None:
    network = known()
    put_location(location("RENO", active=False), network, clock, "ops")
    assert entry(network)["open_work"] == "replan"


def test_an_unknown_one_is_not_made() -> None:
    with pytest.raises(NotFound):
        switch(off(), FakeNetwork(), clock, "ana")


def test_whoever_lost_a_race_tries_again_on_what_is_true() -> None:
    network = known()

    def somebody_describes_it() -> None:
        network.before = lambda: None
        found = network.records["RENO"]
        changed = replace(found.location, name="New", version=found.location.version + 1)
        network.records["RENO"] = LocationRecord(changed, found.history)
        raise CommitRefused((Conflict("location", "RENO", None),))

    network.before = somebody_describes_it
    shut = switch(off(), network, clock, "ana")
    assert (shut.name, shut.active) == ("New", False)


def test_one_that_keeps_changing_is_busy() -> None:
    network = known()

    def always() -> None:
        raise CommitRefused((Conflict("location", "RENO", None),))

    network.before = always
    with pytest.raises(Busy):
        switch(off(), network, clock, "ana")
