"""Why this plan, why not that location, and what would have had to be different."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from dom.model.geo import Coordinates
from dom.model.ids import LocationId, Sku
from dom.model.location import LocationType
from dom.model.order import Method
from dom.model.overlay import Change, Rule
from dom.model.reasons import WhatIf, Why
from dom.model.rules import Fences, Pass, RuleSet, Weights
from dom.model.scope import Where
from dom.sourcing.fences import LINE_FENCES, LOCATION_FENCES
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.problem import Demand, Network, Supply
from dom.sourcing.relocate import moved_to
from dom.sourcing.replay import Moment
from dom.sourcing.rivals import rank, runner_up
from dom.sourcing.scene import Scene
from dom.sourcing.solve import decide
from dom.sourcing.why import why, why_not
from dom.sourcing.why_not import takes_part
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from support.sourcing_cases import NOON, demand, line, network, place, random_case, stock
from support.sourcing_oracle import Oracle, plan_score

SOHO, BOSTON, RENO = LocationId("soho"), LocationId("boston"), LocationId("reno")
NET = network(
    place("soho", name="Soho store"),
    place("boston", Coordinates(42.36, -71.06), name="Boston store"),
    place("reno", Coordinates(39.53, -119.81), name="Reno DC", type=LocationType.DC),
)
ALL = {"A": 2, "B": 1}


def at(
    supply: Supply, wanted: Demand | None = None, rules: RuleSet | None = None, net: Network = NET
) -> Moment:
    asked = wanted or demand(line("1", "A", 2), line("2", "B"))
    return Moment(asked, supply, PriceBook(net, rules or RuleSet(), NOON))


def changes(found: Why) -> dict[str, WhatIf]:
    return {one.parameter: one for one in found.changes}


def test_the_second_best_plan_is_told_with_its_difference_by_term() -> None:
    found = why(at(stock(soho=ALL, reno=ALL)))
    other = found.alternative
    assert other is not None and other.location_ids == (RENO,)
    assert other.extra == sum(other.terms.values()) > 0
    sizes = [abs(money) for money in other.terms.values()]
    assert sizes == sorted(sizes, reverse=True)
    assert f"Without Soho store the best plan costs ${other.extra / 100:.2f} more (shipping +$" in (
        found.text
    )


def test_there_is_no_second_best_for_what_only_one_location_has() -> None:
    assert why(at(stock(soho=ALL))).alternative is None


def test_a_dearer_location_is_told_what_it_costs_more_and_how_near_it_would_have_to_be() -> None:
    found = why_not(at(stock(boston=ALL, reno=ALL)), RENO)
    assert (found.verdict, found.lines, found.units) == ("not_best", (2, 2), (3, 3))
    assert "Reno DC could have sent everything. The best plan with it costs $" in found.text
    assert found.alternative is not None and found.alternative.extra > 0
    near = changes(found)["distance"]
    assert near.before == pytest.approx(3852, abs=5)
    assert isinstance(near.after, int) and near.after < 1000


def test_a_location_that_has_a_part_is_told_which_units_are_missing() -> None:
    found = why_not(at(stock(soho={"A": 2}, reno=ALL)), SOHO)
    assert (found.lines, found.units) == ((1, 2), (2, 3))
    assert changes(found)["stock"].after == {"B": 1}
    assert "with 1 unit of B more in stock" in found.text
    assert found.alternative is not None and found.alternative.parcels == 1


def test_the_fewest_missing_units_are_found_not_all_that_are_asked_for() -> None:
    # Two parcels it is anyway: with 3 of 6 units more the nearer store gets into the split.
    supply = stock(boston={"A": 7}, reno={"A": 4})
    found = why_not(at(supply, demand(line("1", "A", 10))), SOHO)
    assert found.verdict == "no_stock"
    units = changes(found)["stock"].after
    assert units == {"A": 3}


def test_several_missing_skus_are_told_together_where_no_single_one_is_enough() -> None:
    found = why_not(at(stock(boston=ALL)), SOHO)
    assert changes(found)["stock"].after == {"A": 2, "B": 1}


def test_asking_leaves_the_supply_as_it_was() -> None:
    supply = stock(soho={"A": 2}, reno=ALL)
    before = {sku: dict(units) for sku, units in supply.available.items()}
    plan = decide(*at(supply))
    why_not(at(supply), SOHO)
    assert {s: {k: n for k, n in u.items() if n} for s, u in supply.available.items()} == before
    assert decide(*at(supply)) == plan


def test_a_full_location_is_told_that_one_slot_would_have_done() -> None:
    supply = Supply(stock(soho=ALL, reno=ALL).available, (), {SOHO: 0})
    found = why_not(at(supply), SOHO)
    assert (found.verdict, list(found.fences)) == ("fenced", ["no capacity left today"])
    assert changes(found)["capacity"].text == "with one more slot of capacity that day"


def test_a_location_behind_two_fences_needs_both_lifted() -> None:
    supply = Supply(stock(soho=ALL, reno=ALL).available, [SOHO], {SOHO: 0})
    found = why_not(at(supply), SOHO)
    assert list(found.fences) == ["closed", "no capacity left today"]
    assert changes(found)["fence"].before == ["closed", "no capacity left today"]


def test_a_fence_is_not_blamed_where_the_location_would_not_have_been_chosen_anyway() -> None:
    supply = Supply(stock(soho=ALL, reno=ALL).available, [RENO])
    found = why_not(at(supply), RENO)
    assert "fence" not in changes(found)
    assert "Reno DC was out: closed. Even without that, the best plan with it costs $" in found.text


def test_a_fence_of_one_line_names_its_sku() -> None:
    wanted = demand(line("1", "A", 2, "soho"), line("2", "B"))
    found = why_not(at(stock(soho=ALL, reno=ALL), wanted), SOHO)
    assert found.fences == {"rejected this item before": ["A"]}
    assert found.text.startswith("Soho store may not send A: rejected this item before.")


def test_a_split_that_would_be_cheaper_names_the_penalty_at_which_it_wins() -> None:
    supply = stock(soho={"A": 2}, boston={"B": 1}, reno=ALL)
    fewest = RuleSet(weights=Weights(day=200, parcel=1_000_000))
    penalty = changes(why_not(at(supply, rules=fewest), BOSTON))["parcel"]
    assert penalty.before == 1_000_000 and isinstance(penalty.after, int)
    below = RuleSet(weights=Weights(day=200, parcel=penalty.after))
    above = RuleSet(weights=Weights(day=200, parcel=penalty.after + 2))
    assert takes_part(decide(*at(supply, rules=below)), BOSTON)
    assert not takes_part(decide(*at(supply, rules=above)), BOSTON)


def test_the_price_of_a_day_at_which_the_faster_location_wins() -> None:
    # Half past four in New York: the DC's lorry is gone, the store's clock says half past one.
    net = network(
        place("store", type=LocationType.STORE, timezone="America/Los_Angeles"),
        place("dc", type=LocationType.DC, timezone="America/New_York"),
    )
    both, cheap = stock(store={"A": 2}, dc={"A": 2}), RuleSet(weights=Weights(day=1))
    late = NOON.replace(hour=21, minute=30)
    moment = Moment(demand(line("1", "A", 2)), both, PriceBook(net, cheap, late))
    assert takes_part(decide(*moment), LocationId("dc"))
    day = changes(why_not(moment, LocationId("store")))["day"]
    assert (day.before, day.after) == (1, 161)  # packing costs 160 more there, for one day
    assert "if a day of waiting were worth $1.61 instead of $0.01" in day.text


def test_the_discount_on_its_parcel_that_would_have_chosen_it() -> None:
    supply = stock(soho=ALL, boston=ALL)
    found = why_not(at(supply), BOSTON)
    price = changes(found)["price"]
    assert found.alternative is not None
    assert isinstance(price.before, int) and isinstance(price.after, int)
    discount = price.before - price.after
    assert discount - found.alternative.extra in {0, 1}
    where = Where(locations=frozenset({BOSTON}))
    enough = RuleSet(rules=(Rule("sale", Change(parcel=-discount), where=where),))
    short = RuleSet(rules=(Rule("sale", Change(parcel=1 - discount), where=where),))
    assert takes_part(decide(*at(supply, rules=enough)), BOSTON)
    assert not takes_part(decide(*at(supply, rules=short)), BOSTON)


def test_a_location_that_only_a_later_pass_would_take_is_told_so() -> None:
    passes = (Pass("in time", 0), Pass("late"))
    wanted = replace(demand(line("1", "A")), promised_by=NOON + timedelta(days=2))
    found = why_not(at(stock(soho={"A": 1}, reno={"A": 1}), wanted, RuleSet(passes=passes)), RENO)
    assert list(found.fences) == ["would arrive too late"]
    rules = RuleSet(passes=(Pass("whole", max_splits=0), Pass("split")))
    found = why_not(at(stock(soho={"A": 2}, reno=ALL), rules=rules), SOHO)
    assert found.alternative is not None and found.alternative.pass_name == "split"
    assert "comes only in the pass “split”" in found.text


def test_a_limit_on_splits_is_told() -> None:
    rules = RuleSet(fences=Fences(max_splits=0))
    found = why_not(at(stock(soho={"A": 2}, boston={"B": 1}), rules=rules), BOSTON)
    assert changes(found)["splits"].after == 1
    complete = RuleSet(fences=Fences(ship_complete=True))
    found = why_not(at(stock(soho={"A": 2}), rules=complete), SOHO)
    assert changes(found)["ship_complete"].after is False


def test_a_pickup_stays_where_the_customer_wants_it() -> None:
    wanted = demand(line("1", "A"), method=Method.PICKUP, fixed_location=SOHO)
    found = why_not(at(stock(soho=ALL, reno=ALL), wanted), RENO)
    assert list(found.fences) == ["not the location the customer chose"]


def test_asked_about_a_location_of_the_plan_it_says_why_the_plan() -> None:
    moment = at(stock(soho=ALL, reno=ALL))
    assert why_not(moment, SOHO) == why(moment)


def test_a_location_that_the_network_does_not_know_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        why_not(at(stock(soho=ALL)), LocationId("atlantis"))


def test_a_location_can_be_moved_to_any_distance_from_the_customer() -> None:
    moment = at(stock(soho=ALL, reno=ALL))
    for km in (80, 960, 2900):
        moved = moved_to(moment, NET.index[RENO], km)
        assert moved is not None
        metres = Scene(*moved).view.metres(moved.book.network.index[RENO])
        assert metres is not None and km * 990 < metres <= km * 1000


@pytest.mark.parametrize("reason", [*LOCATION_FENCES, *LINE_FENCES])
def test_every_fence_can_be_lifted_for_one_location(reason: str) -> None:
    # Whatever a fence keeps out, asking what if it did not must reach the solver.
    scene = Scene(demand(line("1", "A")), stock(soho=ALL), PriceBook(NET, RuleSet(), NOON))
    lifted = PriceBook(NET, RuleSet(), NOON, {reason: NET.everywhere})
    free = Scene(scene.demand, scene.supply, lifted)
    fenced = free.fenced if reason in LOCATION_FENCES else free.fenced_line(0)
    assert fenced[reason] == 0


def pairs(seed: int) -> Iterator[tuple[Moment, LocationId]]:
    case = random_case(seed)
    moment = Moment(case.demand, case.supply, PriceBook(case.network, case.rules, case.now))
    for location in case.network.locations:
        yield moment, location.location_id


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_no_change_is_told_that_does_not_choose_the_location(seed: int) -> None:
    for moment, location_id in pairs(seed):
        found = changes(why_not(moment, location_id))
        if "stock" in found and isinstance(found["stock"].after, dict):
            richer = _richer(moment, location_id, found["stock"].after)
            assert takes_part(decide(*richer), location_id)
        if "fence" in found or "capacity" in found:
            assert why_not(moment, location_id).fences


def _richer(moment: Moment, location_id: LocationId, more: dict[Sku, int]) -> Moment:
    supply = moment.supply
    available = {sku: dict(units) for sku, units in supply.available.items()}
    for sku, units in more.items():
        held = max(0, available.setdefault(sku, {}).get(location_id, 0))
        available[sku][location_id] = held + units
    rest = supply.closed, supply.capacity_left, supply.products
    return moment._replace(supply=Supply(available, *rest))


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_plan_taken_is_never_worse_than_an_alternative(seed: int) -> None:
    for moment, location_id in pairs(seed):
        plan, other = decide(*moment), why_not(moment, location_id)
        weights = moment.book.rules.weights
        found = other.alternative
        if found is None or other.fences:
            continue
        extra = found.extra + found.parcels * weights.parcel
        assert extra + found.unallocated * weights.unallocated >= 0, (plan, found)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(seed=st.integers(0, 10**6))
def test_the_runner_up_is_what_trying_everything_finds_without_that_location(seed: int) -> None:
    case = random_case(seed)
    book = PriceBook(case.network, case.rules, case.now)
    plan = decide(case.demand, case.supply, book)
    second = runner_up(case.demand, plan, case.supply, book)
    assume(second is not None)
    assert second is not None
    without, rival = second
    lines = tuple(replace(one, excluded=one.excluded | {without}) for one in case.demand.lines)
    wanted = replace(case.demand, lines=lines)
    oracle = Oracle(wanted, case.supply, case.locations, case.rules, case.now)
    best = oracle.best()
    assert best is not None
    assert plan_score(rival, oracle)[0] == best[0]
    scene = Scene(case.demand, case.supply, book)
    assert rank(rival, scene) >= rank(plan, scene)


def test_what_a_random_demand_is_told_does_not_hang_on_the_order_of_its_lines() -> None:
    rng = Random(3)
    for seed in range(20):
        case = random_case(seed)
        moment = Moment(case.demand, case.supply, PriceBook(case.network, case.rules, case.now))
        mixed = tuple(rng.sample(case.demand.lines, len(case.demand.lines)))
        again = moment._replace(demand=replace(case.demand, lines=mixed))
        for location in case.network.locations:
            assert why_not(moment, location.location_id) == why_not(again, location.location_id)
