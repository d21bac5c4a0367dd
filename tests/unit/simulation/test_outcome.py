"""The figures of a run are those of its parcels."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from dom.model.rules import RuleSet
from dom.simulation.measures import figures
from dom.simulation.outcome import BLOCKS, Outcome, measure, percentile
from dom.simulation.replay import Replay
from dom.simulation.sums import Sums, total
from dom.simulation.world import Situation
from dom.sourcing.problem import DemandLine
from support.builders import BOSTON, NOW, RENO, location
from support.situations import day, demand, situation, world


def outcome(of: Situation) -> Outcome:
    return measure("v", of, RuleSet())


def test_sums_are_those_of_the_plans() -> None:
    given = situation(
        {"MUG": {"RENO": 2}, "CUP": {"BOSTON": 1}},
        demand("whole", promised_by=day(9)),
        demand("split", lines=(line_of("1", "MUG"), line_of("2", "CUP"))),
        demand("short", "POT", 3, promised_by=day(9)),
    )
    sums = outcome(given).sums
    parts = [part for one in Replay(given, RuleSet()) for part in one.plan.assignments]
    assert (sums.orders, sums.shipped, sums.parcels, sums.split) == (3, 2, 3, 1)
    assert (sums.units, sums.sent, sums.backordered) == (6, 3, 1)
    assert (sums.promised, sums.kept) == (2, 1)
    assert sums.cash == sum(part.cash for part in parts)
    assert sums.score == sum(part.cost for part in parts)
    assert sums.co2e_grams == sum(part.co2e_grams for part in parts)
    latest = max(part.delivers_by for part in parts if part.location_id == "BOSTON")
    first = next(part.delivers_by for part in parts)
    assert sums.days == pytest.approx(((latest - NOW) + (first - NOW)) / timedelta(days=1))


def line_of(line_id: str, sku: str) -> DemandLine:
    (line,) = demand("x", sku).lines
    return replace(line, line_id=line_id)


def test_a_late_parcel_breaks_the_promise() -> None:
    given = situation({"MUG": {"BOSTON": 2}}, demand("o1", promised_by=day(1)))
    assert (outcome(given).sums.promised, outcome(given).sums.kept) == (1, 0)


def test_two_ship_groups_with_a_parcel_each_are_no_split() -> None:
    groups = (demand("o1"), demand("o1", ship_group_id="sg2"))
    sums = outcome(situation({"MUG": {"RENO": 5}}, *groups)).sums
    assert (sums.orders, sums.parcels, sums.split) == (1, 2, 0)


def test_what_is_sent_after_waiting_belongs_to_its_order() -> None:
    place = location("RENO", RENO, daily_capacity=1)
    demands = (demand("o1"), demand("o2"), demand("o3", "CUP", after=timedelta(days=1)))
    found = outcome(Situation(world({"MUG": {"RENO": 9}}, place), demands))
    assert (found.sums.orders, found.sums.sent, found.sums.units) == (3, 2, 3)
    assert found.sums.days > 1


def test_days_and_locations_add_up_to_the_whole() -> None:
    places = (location("RENO", RENO, daily_capacity=4), location("BOSTON", BOSTON))
    demands = tuple(demand(f"o{n}", after=n * timedelta(hours=5)) for n in range(20))
    found = outcome(Situation(world({"MUG": {"RENO": 12, "BOSTON": 9}}, *places), demands))
    assert total(one.sums for one in found.by_day) == found.sums == total(found.blocks)
    assert sum(one.parcels for one in found.locations) == found.sums.parcels
    reno = next(one for one in found.locations if one.location_id == "RENO")
    assert reno.peak_use == 1.0 and reno.mean_use is not None and 0 < reno.mean_use <= 1
    boston = next((one for one in found.locations if one.location_id == "BOSTON"), None)
    assert boston is None or boston.peak_use is None


def test_there_are_never_more_blocks_than_a_comparison_can_draw() -> None:
    demands = tuple(demand(f"o{n:04}") for n in range(2 * BLOCKS + 1))
    blocks = outcome(situation({"MUG": {"RENO": 50}}, *demands)).blocks
    assert len(blocks) <= BLOCKS and sum(one.orders for one in blocks) == 2 * BLOCKS + 1


def test_nothing_comes_to_nothing() -> None:
    found = outcome(situation({}))
    assert found.sums == Sums() and set(figures(found.sums).values()) == {0.0}


@pytest.mark.parametrize(
    ("values", "expected"), [([], 0), ([3], 3), ([*range(1, 101)], 95), ([*range(1, 21)], 19)]
)
def test_a_percentile_is_one_of_the_values(values: list[float], expected: float) -> None:
    assert percentile(values, 95) == expected
