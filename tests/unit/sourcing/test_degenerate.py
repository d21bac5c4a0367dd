"""Questions at the edge: nothing there, everything alike, too much of one thing."""

from __future__ import annotations

from random import Random

import pytest
from dom.model.geo import Coordinates
from dom.model.ids import LocationId, Sku
from dom.model.location import LocationType
from dom.model.rules import Handling, RuleSet, Weights
from dom.sourcing.network import Network
from dom.sourcing.plan import Plan
from dom.sourcing.problem import Demand, Supply
from dom.sourcing.solve import solve, solve_batch
from support.sourcing_cases import NOON, demand, line, network, place, stock
from support.sourcing_oracle import Oracle, faults

NOTHING = Weights(
    day=0,
    co2e_tonne=0,
    parcel=0,
    unallocated=1,
    handling={kind: Handling(0, 0) for kind in LocationType},
)


def checked(wanted: Demand, supply: Supply, net: Network, rules: RuleSet | None = None) -> Plan:
    rules = rules or RuleSet()
    locations = {one.location_id: one for one in net.locations}
    plan = solve(wanted, supply, net, rules, NOON)
    assert faults(plan, wanted, supply, Oracle(wanted, supply, locations, rules, NOON)) == []
    assert plan.bound <= plan.cost
    assert 0 <= plan.gap <= 1
    return plan


def across(count: int) -> Network:
    rng = Random(count)
    spots = [Coordinates(rng.uniform(27, 47), rng.uniform(-122, -72)) for _ in range(count)]
    return network(*(place(f"L{n:04}", spot) for n, spot in enumerate(spots)))


def test_a_network_without_locations() -> None:
    plan = checked(demand(line("1", "A")), stock(), network())
    assert (plan.outcome, plan.candidates) == ("backordered", ())


def test_all_capacity_is_gone() -> None:
    net = across(30)
    supply = Supply({Sku("A"): dict.fromkeys(net.index, 5)}, (), dict.fromkeys(net.index, 0))
    plan = checked(demand(line("1", "A")), supply, net)
    assert plan.outcome == "backordered"
    assert {one["reason"] for one in plan.candidates} == {"no capacity left today"}


def test_where_nothing_is_worth_anything_units_still_come_first() -> None:
    net = across(20)
    supply = Supply({Sku(sku): dict.fromkeys(net.index, 1) for sku in "ABC"})
    wanted = demand(*(line(sku, sku) for sku in "ABC"))
    # A unit left over costs one minor unit, less than any parcel: it is not sent for that.
    assert checked(wanted, supply, net, RuleSet(weights=NOTHING)).outcome == "backordered"
    weights = Weights(day=0, co2e_tonne=0, parcel=0, handling=NOTHING.handling)
    assert len(checked(wanted, supply, net, RuleSet(weights=weights)).assignments) == 1


def test_everything_ties() -> None:
    net = network(*(place(f"L{n}") for n in range(9)))
    supply = Supply({Sku(sku): dict.fromkeys(net.index, 2) for sku in "AB"})
    plan = checked(demand(line("1", "A", 2), line("2", "B")), supply, net)
    assert [a.location_id for a in plan.assignments] == ["L0"]


def test_two_hundred_lines() -> None:
    rng, net = Random(1), across(120)
    lines = [line(f"{n:03}", f"S{n}", rng.randint(1, 3)) for n in range(200)]
    supply = Supply(
        {
            one.sku: {key: rng.randint(1, 4) for key in net.index if rng.random() < 0.15}
            for one in lines
        }
    )
    plan = checked(demand(*lines), supply, net)
    assert plan.outcome == "allocated"
    assert plan.bound > 0


def test_one_sku_in_five_thousand_locations() -> None:
    net = across(5_000)
    supply = Supply({Sku("A"): dict.fromkeys(net.index, 1)})
    (one,) = checked(demand(line("1", "A")), supply, net).assignments
    nearest = min(net.index, key=lambda key: net.distance_km(key, demand().destination) or 0)
    assert one.location_id == nearest
    many = checked(demand(line("1", "A", 40)), supply, net)
    assert (many.outcome, len(many.assignments)) == ("allocated", 40)


def test_more_than_the_network_has() -> None:
    net = across(50)
    supply = Supply({Sku("A"): dict.fromkeys(net.index, 2)})
    plan = checked(demand(line("1", "A", 10_000)), supply, net)
    assert (plan.outcome, plan.unallocated) == ("partial", {"1": 9_900})
    assert "not enough eligible stock (100 units)" in plan.why


@pytest.mark.parametrize("units", [10, 11])
def test_the_last_order_that_the_exact_search_takes_and_the_first_it_does_not(units: int) -> None:
    net = network(*(place(f"L{n}", Coordinates(30 + n, -100)) for n in range(units)))
    supply = Supply({Sku("A"): dict.fromkeys(net.index, 1)})
    plan = checked(demand(line("1", "A", units)), supply, net)
    assert (plan.outcome, len(plan.assignments)) == ("allocated", units)
    assert (plan.gap == 0) is (units == 10)


def test_a_search_that_runs_out_of_steps_still_gives_a_plan_and_an_honest_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ten lines of two SKUs with little of each in many places: branch after branch."""
    monkeypatch.setattr("dom.sourcing.exact.BUDGET", 0)
    net = across(8)
    wanted = demand(*(line(f"{n}", "AB"[n % 2], 1 + n % 3, grams=300 * n) for n in range(9)))
    supply = Supply({Sku(sku): dict.fromkeys(net.index, 3) for sku in "AB"})
    plan = checked(wanted, supply, net)
    monkeypatch.undo()
    best = checked(wanted, supply, net)
    assert plan.outcome == best.outcome == "allocated"
    assert plan.bound <= best.cost <= plan.cost


def test_a_batch_on_which_every_order_wants_the_last_unit() -> None:
    net, last = across(3), Supply({Sku("A"): {LocationId("L0001"): 1}})
    wanted = [demand(line("1", "A"), order_id=f"o{n:03}") for n in range(100)]
    plans = solve_batch(wanted, last, net, RuleSet(), NOON)
    assert [plan.outcome for plan in plans] == ["allocated"] + ["backordered"] * 99
