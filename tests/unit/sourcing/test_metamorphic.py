"""How plans must change, or not, when the question changes: relations that need no oracle."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from dom.model.geo import Destination
from dom.model.ids import LocationId, Sku
from dom.model.overlay import Change, Rule
from dom.model.rules import RuleSet, Weights
from dom.model.scope import Where
from dom.sourcing.network import Network
from dom.sourcing.plan import Plan
from dom.sourcing.solve import solve
from dom.sourcing.supply import Supply
from hypothesis import given, settings
from hypothesis import strategies as st
from support.sourcing_cases import HOME, Case, place, random_case, rich_case, shuffled
from support.sourcing_oracle import Oracle, Score, faults, plan_score

SEEDS = st.integers(0, 10**6)
MANY = settings(max_examples=150, deadline=None)


def solved(case: Case) -> Plan:
    """The plan, which must be feasible whatever is asked of it."""
    plan = solve(*case)
    assert faults(plan, case.demand, case.supply, _oracle(case)) == []
    return plan


def score(case: Case) -> Score:
    return plan_score(solved(case), _oracle(case))


def _oracle(case: Case) -> Oracle:
    return Oracle(case.demand, case.supply, case.locations, case.rules, case.now)


def open_case(seed: int) -> Case:
    """Several locations and lines, without fences, so that there is something to choose from.

    Lines have SKUs of their own: what is split into units depends on the stock otherwise.
    """
    rng, case = Random(seed), random_case(seed, places=6, lines=4)
    lines = tuple(
        replace(one, sku=Sku("ABCDEFGHIJ"[n]), quantity=1, excluded=frozenset())
        for n, one in enumerate(case.demand.lines)
    )
    keys = [one.location_id for one in case.network.locations]
    available = {
        one.sku: {key: rng.randint(0, 3) for key in keys if rng.random() < 0.6} for one in lines
    }
    rules = RuleSet(weights=case.rules.weights)
    demand = replace(case.demand, lines=lines)
    return case._replace(demand=demand, supply=Supply(available), rules=rules)


@MANY
@given(SEEDS, SEEDS)
def test_one_more_location_never_makes_a_plan_worse(seed: int, more: int) -> None:
    case, rng = open_case(seed), Random(more)
    newcomer = place(
        "newcomer", None if rng.random() < 0.2 else case.network.locations[0].coordinates
    )
    locations = {**case.locations, newcomer.location_id: newcomer}
    stock = {
        sku: {**there, newcomer.location_id: rng.randint(0, 3)}
        for sku, there in case.supply.available.items()
    }
    richer = case._replace(network=Network(locations), supply=Supply(stock))
    assert score(richer)[0] <= score(case)[0]


@MANY
@given(SEEDS, SEEDS)
def test_more_stock_never_makes_a_plan_worse(seed: int, more: int) -> None:
    case, rng = open_case(seed), Random(more)
    stock = {
        sku: {key: units + rng.randint(0, 2) for key, units in there.items()}
        for sku, there in case.supply.available.items()
    }
    assert score(case._replace(supply=Supply(stock)))[0] <= score(case)[0]


@MANY
@given(SEEDS, st.integers(2, 7))
def test_scaling_all_money_scales_the_cost(seed: int, factor: int) -> None:
    case = open_case(seed)
    # Carbon and a courier's way are rounded to whole minor units: they would not scale exactly.
    once = replace(
        case.rules,
        weights=replace(case.rules.weights, co2e_tonne=0),
        rate_card=replace(case.rules.rate_card, same_day_per_km=0),
    )
    plan = solved(case._replace(rules=once))
    scaled = solved(case._replace(rules=_scaled(once, factor)))
    assert scaled.cost == factor * plan.cost
    assert [a.location_id for a in scaled.assignments] == [a.location_id for a in plan.assignments]


def _scaled(rules: RuleSet, factor: int) -> RuleSet:
    weights, card = rules.weights, rules.rate_card
    handling = {
        kind: replace(one, parcel=one.parcel * factor, unit=one.unit * factor)
        for kind, one in weights.handling.items()
    }
    return replace(
        rules,
        weights=replace(
            weights,
            day=weights.day * factor,
            parcel=weights.parcel * factor,
            unallocated=weights.unallocated * factor,
            handling=handling,
        ),
        rate_card=replace(
            card,
            prices=tuple(tuple(price * factor for price in row) for row in card.prices),
            cross_border=card.cross_border * factor,
            same_day=card.same_day * factor,
        ),
    )


@MANY
@given(SEEDS, SEEDS)
def test_the_order_in_which_things_are_told_changes_nothing(seed: int, mix: int) -> None:
    case = rich_case(seed, places=5)
    other = shuffled(case, Random(mix))
    assert repr(solved(case)) == repr(solved(other))


@MANY
@given(SEEDS)
def test_a_higher_price_for_parcels_never_makes_more_of_them(seed: int) -> None:
    case, parcels = open_case(seed), []
    for price in (0, 50, 300, 1_000, 1_000_000):
        weights = replace(case.rules.weights, parcel=price)
        plan = solved(case._replace(rules=replace(case.rules, weights=weights)))
        parcels.append(len(plan.assignments))
    assert parcels == sorted(parcels, reverse=True)


@MANY
@given(SEEDS, SEEDS)
def test_an_excluded_location_never_appears(seed: int, which: int) -> None:
    case = rich_case(seed, places=5)
    barred = Random(which).choice([one.location_id for one in case.network.locations])
    ban = Rule("ban", Change(exclude=True), where=Where(locations=frozenset({barred})))
    banned = case._replace(rules=replace(case.rules, rules=(*case.rules.rules, ban)))
    assert barred not in {a.location_id for a in solved(banned).assignments}


@MANY
@given(SEEDS)
def test_an_unknown_place_is_chosen_only_where_no_known_one_is_as_good(seed: int) -> None:
    """A twin of a location, but of unknown coordinates, never takes its place."""
    case = open_case(seed)
    if case.network.locate(case.demand.destination) is None:
        to = Destination("US", coordinates=HOME)
        case = case._replace(demand=replace(case.demand, destination=to))
    known = [one for one in case.network.locations if one.coordinates is not None]
    twins = [
        replace(one, location_id=LocationId(f"{one.location_id}0"), coordinates=None)
        for one in known
    ]
    stock = {
        sku: {**there, **{LocationId(f"{key}0"): units for key, units in there.items()}}
        for sku, there in case.supply.available.items()
    }
    locations = {one.location_id: one for one in (*known, *twins)}
    chosen = solved(case._replace(network=Network(locations), supply=Supply(stock)))
    assert all(a.distance_km is not None for a in chosen.assignments)


@MANY
@given(SEEDS)
def test_prices_that_are_switched_off_change_nothing(seed: int) -> None:
    """Facts of products without weights, and weights without facts."""
    case = open_case(seed)
    facts = rich_case(seed, places=6).supply.products
    supply = case.supply
    informed = Supply(supply.available, supply.closed, supply.capacity_left, facts)
    weights = replace(case.rules.weights, reject=900, last_unit=80, markdown=100, capacity=500)
    weighed = replace(case.rules, weights=weights)
    plain = solved(case)
    assert solved(case._replace(supply=informed)) == plain
    assert [a.cost for a in solved(case._replace(rules=weighed)).assignments] == [
        a.cost for a in plain.assignments
    ]


def test_the_default_does_not_split_for_less_than_the_second_parcel_is_worth() -> None:
    assert Weights().parcel == 100
