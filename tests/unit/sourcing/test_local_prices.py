"""Prices that only some locations have: capacity, rejections, last units, slow stock, bulk."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from dom.model.geo import Coordinates
from dom.model.ids import LocationId, Sku
from dom.model.location import LocationType
from dom.model.product import Product
from dom.model.rate_card import RateCard
from dom.model.rules import Handling, RuleSet, Weights
from dom.sourcing.plan import Plan
from dom.sourcing.poisson import used_up
from dom.sourcing.problem import Demand, Supply
from dom.sourcing.promise import share_of_day
from dom.sourcing.solve import solve, solve_batch
from hypothesis import given
from hypothesis import strategies as st
from support.sourcing_cases import NOON, demand, line, network, place, stock

BOSTON = Coordinates(42.36, -71.06)
A, SOHO, NEAR = Sku("A"), LocationId("soho"), LocationId("boston")
NET = network(place("soho"), place("boston", BOSTON))
ONE = demand(line("1", "A"))


def plan(supply: Supply, wanted: Demand = ONE, **weights: Any) -> Plan:
    return solve(wanted, supply, NET, RuleSet(weights=Weights(**weights)), NOON)


def known(soho: int, boston: int, **facts: Any) -> Supply:
    available = {A: {SOHO: soho, NEAR: boston}}
    return Supply(available, products={A: Product(A, **facts)})


def test_the_share_of_a_day_runs_from_local_midnight_to_the_cut_off() -> None:
    zone, cutoff = "America/New_York", time(14)
    assert share_of_day(NOON, zone, cutoff) == (12 * 3600, 14 * 3600)
    assert share_of_day(NOON + timedelta(hours=5), zone, cutoff) == (14 * 3600, 14 * 3600)
    assert share_of_day(NOON - timedelta(hours=12), zone, cutoff)[0] == 0
    spring = NOON + timedelta(days=4)  # the clocks go forward at 2:00: noon is 16:00 UTC
    assert share_of_day(spring, zone, cutoff) == (12 * 3600, 13 * 3600)


def orders(count: int) -> list[Demand]:
    return [
        replace(ONE, order_id=f"o{n:02}", placed_at=NOON + timedelta(seconds=n))
        for n in range(count)
    ]


def test_a_location_that_is_ahead_of_its_day_grows_dear_within_a_batch() -> None:
    """At noon a store with a cut-off at 14:00 has seen 12 of 14 hours: 12 of 14 slots are due."""
    net = network(place("soho", daily_capacity=14), place("boston", BOSTON, daily_capacity=14))
    supply = Supply({A: {SOHO: 99, NEAR: 99}}, capacity_left={SOHO: 4, NEAR: 14})
    rules = RuleSet(weights=Weights(capacity=60))
    plans = solve_batch(orders(6), supply, net, rules, NOON)
    paid = [(p.assignments[0].location_id, p.assignments[0].terms.get("capacity")) for p in plans]
    # Soho has used 10 of the 12: three more are free of charge, then each costs 60 more.
    assert paid[:5] == [(SOHO, None), (SOHO, None), (SOHO, None), (SOHO, 60), (NEAR, None)]
    without = solve_batch(
        orders(3), Supply({A: {SOHO: 99}}, capacity_left={SOHO: 4}), net, RuleSet(), NOON
    )
    assert {p.assignments[0].terms.get("capacity") for p in without} == {None}


def test_capacity_that_comes_back_makes_the_location_cheap_again() -> None:
    net = network(place("soho", daily_capacity=14))
    supply = Supply({A: {SOHO: 99}}, capacity_left={SOHO: 1})
    rules = RuleSet(weights=Weights(capacity=60))

    def price() -> int | None:
        return solve(ONE, supply, net, rules, NOON).assignments[0].terms.get("capacity")

    assert price() == 60
    supply.overlay_capacity(SOHO, 8, open_=True)
    assert price() is None


def test_the_chance_of_a_rejection_costs_its_share() -> None:
    supply = known(9, 9, rejects={SOHO: 25})
    assert plan(supply, reject=200).assignments[0].terms["reject"] == 50
    assert plan(supply, reject=2_000).assignments[0].location_id == NEAR
    assert "reject" not in plan(known(9, 9), reject=2_000).assignments[0].terms


def test_the_chances_of_two_skus_add_up_as_chances_do() -> None:
    both = {Sku(sku): Product(Sku(sku), rejects={SOHO: 50}) for sku in "AB"}
    supply = Supply({sku: {SOHO: 1} for sku in both}, products=both)
    wanted = demand(line("1", "A"), line("2", "B"))
    assert plan(supply, wanted, reject=1_000).assignments[0].terms["reject"] == 750


def test_the_last_unit_is_kept_for_those_who_live_near_it() -> None:
    """Both have a share of three a week; the two in Boston are worth more than the ninth here."""
    card = RuleSet().rate_card
    worth = card.price(500, card.last_zone) - card.price(500, 0)
    supply = known(2, 40, daily_demand=6 / 7)
    (kept,) = plan(supply, last_unit=100).assignments
    assert kept.location_id == NEAR
    assert "last_unit" not in kept.terms
    (half,) = plan(known(2, 2, daily_demand=6 / 7), last_unit=50).assignments
    assert half.terms["last_unit"] == round(worth * 0.5 * used_up(3, 2))
    assert plan(supply).assignments[0].location_id == SOHO


@given(st.floats(0, 30), st.integers(0, 40))
def test_more_units_are_less_likely_used_up(demand_: float, units: int) -> None:
    assert 0 <= used_up(demand_, units + 1) <= used_up(demand_, units) <= 1


def test_slow_stock_is_credited_where_it_lies_up_to_a_cap() -> None:
    """One a day in all: 28 units are eight weeks of one of two locations."""
    supply = known(28, 29, daily_demand=1.0, markdown=300)
    (one,) = plan(supply, markdown=100).assignments
    assert (one.location_id, one.terms["markdown"]) == (NEAR, -300)
    (five,) = plan(supply, demand(line("1", "A", 5)), markdown=100).assignments
    assert five.terms["markdown"] == -500
    there = known(0, 57, daily_demand=1.0, markdown=300)
    (half,) = plan(there, markdown=50).assignments
    assert half.terms["markdown"] == -150
    assert plan(supply).assignments[0].location_id == SOHO


def test_what_nobody_asks_for_is_slow_stock_wherever_it_lies() -> None:
    assert plan(known(1, 1, markdown=10), markdown=100).assignments[0].terms["markdown"] == -10


def test_without_their_weights_products_change_nothing() -> None:
    facts = {"daily_demand": 5.0, "markdown": 900, "rejects": {SOHO: 99}}
    assert plan(known(1, 1, **facts)) == plan(known(1, 1))


def test_bulky_goods_pay_for_their_volume() -> None:
    card = RateCard(divisor=5_000)
    assert [card.billable(500, cm3) for cm3 in (0, 2_500, 2_501, 10_000)] == [500, 500, 501, 2_000]
    assert RateCard().billable(500, 10**9) == 500
    wanted = demand(replace(line("1", "A"), volume_cm3=10_000))
    (one,) = solve(wanted, stock(soho={"A": 1}), NET, RuleSet(rate_card=card), NOON).assignments
    assert one.terms["shipping"] == card.price(2_000, 0)


@given(*(st.integers(0, 10**6),) * 4, st.integers(1, 10_000))
def test_one_parcel_is_never_billed_for_more_than_its_goods_in_two(
    a: int, b: int, bulk_a: int, bulk_b: int, divisor: int
) -> None:
    card = RateCard(divisor=divisor)
    whole = card.billable(a + b, bulk_a + bulk_b)
    assert whole <= card.billable(a, bulk_a) + card.billable(b, bulk_b)


@pytest.mark.parametrize(("grams", "boxes"), [(1, 1), (30_000, 1), (30_001, 2), (90_000, 3)])
def test_what_is_heavier_than_a_box_may_be_travels_in_several(grams: int, boxes: int) -> None:
    wanted = demand(line("1", "A", grams=grams))
    (one,) = plan(stock(soho={"A": 1}), wanted).assignments
    assert one.boxes == boxes


def test_the_divisor_is_positive() -> None:
    with pytest.raises(ValueError, match="divisor"):
        RateCard(divisor=0)


def test_the_published_markdown_scenario_comes_out_as_published() -> None:
    """IBM Sterling Intelligent Promising: node A, 891 miles away, costs 4.90 + 3.50 + 0.012 +
    0.0032 - 42.65 = -34.24; node B, 221 miles away, 7.64 - 0.59 = 7.05; A wins. Cents here."""
    home, far, near = (Coordinates(40.0, at) for at in (-100.0, -116.9, -104.2))
    net = network(place("A", far), place("B", near, type=LocationType.DC))
    card = RateCard(
        edges_km=(500,), breaks_grams=(1_000,), prices=((364, 490),), same_day=0, cross_border=0
    )
    labor = {LocationType.STORE: Handling(350, 0), LocationType.DC: Handling(400, 0)}
    weights = Weights(
        day=0, co2e_tonne=10_000, parcel=0, markdown=100, markdown_cap=10_000, handling=labor
    )
    rules = RuleSet(
        weights=weights,
        rate_card=card,
        service=replace(RuleSet().service, transit_days=(1, 2)),
    )
    goods = Product(A, markdown=4_265)
    stocked = Supply({A: {LocationId("A"): 40}}, products={A: goods})
    wanted = demand(
        line("1", "A", grams=800), destination=replace(ONE.destination, coordinates=home)
    )
    (at_a,) = solve(wanted, stocked, net, rules, NOON).assignments
    assert at_a.distance_km == pytest.approx(891 * 1.609, rel=0.01)
    assert {**at_a.terms} == {
        "shipping": 490,
        "handling": 350,
        "time": 0,
        "carbon": 1,
        "markdown": -4_265,
    }
    assert at_a.cost == -3_424

    slow_at_b = Supply({A: {LocationId("B"): 40}}, products={A: replace(goods, markdown=59)})
    (at_b,) = solve(wanted, slow_at_b, net, rules, NOON).assignments
    assert at_b.distance_km == pytest.approx(221 * 1.609, rel=0.02)
    assert at_b.cost == 705

    # Sold off at A, selling well at B: enough of it at A for its small demand, not at B.
    both = Supply(
        {A: {LocationId("A"): 40, LocationId("B"): 5}},
        products={A: replace(goods, daily_demand=0.5)},
    )
    chosen = solve(wanted, both, net, rules, NOON)
    assert [a.location_id for a in chosen.assignments] == ["A"]
    assert (chosen.cost, chosen.bound, chosen.gap) == (-3_424, -3_424, 0.0)
