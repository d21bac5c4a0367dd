"""Orders beyond the exact search, and the heuristic against it."""

from __future__ import annotations

from random import Random

import pytest
from dom.model.geo import Coordinates
from dom.model.location import LocationType
from dom.model.rules import Fences, RuleSet
from dom.sourcing import exact, heuristic
from dom.sourcing.pieces import cut
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.problem import Demand, Network, Supply
from dom.sourcing.scene import Scene
from dom.sourcing.score import money_of
from dom.sourcing.solve import solve
from dom.sourcing.task import Limits
from support.sourcing_cases import NOON, Case, demand, line, network, place, rich_case
from support.sourcing_oracle import Oracle, faults, plan_score

FREE = Limits(parcels=None, may_lose=True)


def large_case(seed: int, places: int, lines: int, density: float, most: int = 2) -> Case:
    rng = Random(seed)
    net: Network = network(
        *(
            place(
                f"L{n:03}",
                Coordinates(rng.uniform(27, 47), rng.uniform(-122, -72)),
                type=LocationType.DC if n % 10 == 0 else LocationType.STORE,
            )
            for n in range(places)
        )
    )
    stock = {
        f"S{n}": {k: rng.randint(1, 4) for k in net.index if rng.random() < density}
        for n in range(lines)
    }
    wanted: Demand = demand(*(line(f"{n:03}", f"S{n}", rng.randint(1, most)) for n in range(lines)))
    return Case(wanted, Supply(stock), net, RuleSet(), NOON)  # type: ignore[arg-type]


@pytest.mark.parametrize("density", [0.15, 0.4])
def test_the_heuristic_is_near_the_optimum_where_both_can_run(density: float) -> None:
    """As many units always; a parcel too many at most once in 25; else within a percent of cost."""
    extra_parcels, optimum, reached = 0, 0, 0
    for seed in range(25):
        case = large_case(seed, places=60, lines=8, density=density)
        scene = Scene(case.demand, case.supply, PriceBook(case.network, case.rules, NOON))
        pieces = cut(scene, frozenset(), 20)
        assert pieces is not None
        best, guess = exact.search(scene, pieces, FREE), heuristic.search(scene, FREE)
        assert best.contents is not None
        assert guess.contents is not None
        assert guess.bound <= scene.total(best.contents) <= scene.total(guess.contents)
        assert scene.left_over(guess.contents) == scene.left_over(best.contents)
        if len(guess.contents) > len(best.contents):
            extra_parcels += 1
            continue
        penalties = scene.left_over(best.contents) * case.rules.weights.unallocated
        penalties += len(best.contents) * case.rules.weights.parcel
        optimum += money_of(scene.total(best.contents)) - penalties
        reached += money_of(scene.total(guess.contents)) - penalties
    assert extra_parcels <= 1
    assert optimum <= reached <= optimum * 1.01


@pytest.mark.parametrize(("places", "lines", "density"), [(50, 40, 0.3), (200, 120, 0.1)])
def test_a_large_order_gets_a_feasible_plan_with_an_honest_bound(
    places: int, lines: int, density: float
) -> None:
    case = large_case(1, places, lines, density, most=6)
    plan = solve(*case)
    oracle = Oracle(case.demand, case.supply, case.locations, case.rules, case.now)
    assert faults(plan, case.demand, case.supply, oracle) == []
    assert 0 <= plan.bound <= plan.cost
    assert 0 <= plan.gap <= 1
    for row in case.demand.lines:
        there = sum(case.supply.available[row.sku].values())
        assert plan.unallocated.get(row.line_id, 0) == max(0, row.quantity - there)


def test_a_large_order_that_one_location_has_goes_from_there() -> None:
    case = large_case(2, 80, 60, 0.2)
    for row in case.demand.lines:
        case.supply.overlay(row.sku, case.network.locations[7].location_id, 9)
    plan = solve(*case)
    assert [a.location_id for a in plan.assignments] == [case.network.locations[7].location_id]


def test_a_quantity_beyond_the_network_takes_all_of_it() -> None:
    net = network(*(place(f"L{n}", Coordinates(30 + n, -100)) for n in range(8)))
    supply = Supply({"A": dict.fromkeys(net.index, 40)})  # type: ignore[dict-item]
    plan = solve(demand(line("1", "A", 400)), supply, net, RuleSet(), NOON)
    assert (plan.outcome, plan.unallocated) == ("partial", {"1": 80})
    assert len(plan.assignments) == 8


def test_many_units_come_from_as_few_locations_as_possible() -> None:
    net = network(*(place(f"L{n}", Coordinates(30 + n, -100)) for n in range(8)))
    supply = Supply({"A": {key: 10 * (n + 1) for n, key in enumerate(net.index)}})  # type: ignore[dict-item]
    plan = solve(demand(line("1", "A", 150)), supply, net, RuleSet(), NOON)
    assert (plan.outcome, len(plan.assignments)) == ("allocated", 2)


@pytest.mark.parametrize("fences", [Fences(ship_complete=True), Fences(max_splits=0)])
def test_limits_hold_for_large_orders_too(fences: Fences) -> None:
    case = large_case(3, 40, 30, 0.3)
    plan = solve(case.demand, case.supply, case.network, RuleSet(fences=fences), NOON)
    assert not plan.unallocated or not plan.assignments
    if fences.max_splits is not None:
        assert len(plan.assignments) <= 1


def test_the_same_large_order_always_gets_the_same_plan() -> None:
    assert repr(solve(*large_case(4, 60, 35, 0.2))) == repr(solve(*large_case(4, 60, 35, 0.2)))


@pytest.mark.parametrize("block", range(4))
def test_the_heuristic_keeps_to_all_rules_and_never_claims_to_be_better_than_it_can_be(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dom.sourcing.search.EXACT_PIECES", 0)
    for seed in range(block * 60, block * 60 + 60):
        case = rich_case(seed, places=6, lines=4)
        oracle = Oracle(case.demand, case.supply, case.locations, case.rules, case.now)
        plan = solve(*case)
        assert faults(plan, case.demand, case.supply, oracle) == []
        best, found = oracle.best(), plan_score(plan, oracle)
        nothing = sum(x.quantity for x in case.demand.lines) * oracle.weights.unallocated
        least = best[0] if best else nothing
        assert least <= found[0]
        if plan.pass_name in ("", "any"):  # a bound is one of its pass
            assert plan.bound + len(plan.assignments) * oracle.weights.parcel <= least
        assert plan.bound <= plan.cost
