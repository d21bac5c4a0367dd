"""The exact search of one order: equal to trying everything, and steady under changes."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from dom.sourcing.joint.market import SLOTS, Market
from dom.sourcing.joint.single import best_plan
from dom.sourcing.joint.tariff import Tariff
from dom.sourcing.joint.wish import Piece, Wish
from support.wishes import TARIFF, least_cost, possible, random_batch

PLACES = 3


def more(market: Market, rng: Random) -> Market:
    """One more unit, of stock or capacity, somewhere."""
    units = {sku: dict(row) for sku, row in market.units.items()}
    sku, place = rng.choice(sorted(units)), rng.randrange(PLACES)
    units[sku][place] = units[sku].get(place, 0) + 1
    slots = units.pop(SLOTS)
    return Market(units, slots)


def test_thousands_of_small_orders_cost_what_trying_everything_costs() -> None:
    for seed in range(1000, 3000):
        wishes, market = random_batch(seed, orders=1)
        plan = best_plan(wishes[0], market)
        assert plan.cost == least_cost(wishes, market, PLACES), seed
        assert possible([plan], market)


@pytest.mark.parametrize("seed", range(200))
def test_more_stock_or_capacity_never_makes_an_order_dearer(seed: int) -> None:
    wishes, market = random_batch(seed, orders=1)
    before = best_plan(wishes[0], market).cost
    assert best_plan(wishes[0], more(market, Random(seed))).cost <= before


@pytest.mark.parametrize("seed", range(100))
def test_one_more_location_never_makes_an_order_dearer(seed: int) -> None:
    wishes, market = random_batch(seed, orders=1, places=4)
    wish = wishes[0]
    fewer = replace(wish, allowed=0b0111, _loads={})
    assert best_plan(wish, market).cost <= best_plan(fewer, market).cost


@pytest.mark.parametrize("seed", range(100))
def test_a_location_that_is_not_allowed_never_appears(seed: int) -> None:
    wishes, market = random_batch(seed, orders=1, places=4, units=2)
    plan = best_plan(replace(wishes[0], allowed=0b1101, _loads={}), market)
    assert all(parcel.place != 1 for parcel in plan.parcels)


@pytest.mark.parametrize("seed", range(100))
def test_the_order_of_lines_changes_neither_cost_nor_places(seed: int) -> None:
    wishes, market = random_batch(seed, orders=1, units=2)
    pieces = list(wishes[0].pieces)
    Random(seed).shuffle(pieces)
    turned = replace(wishes[0], pieces=tuple(pieces), _loads={})
    assert best_plan(turned, market).cost == best_plan(wishes[0], market).cost


@pytest.mark.parametrize("seed", range(100))
def test_all_money_times_seven_is_the_cost_times_seven(seed: int) -> None:
    wishes, market = random_batch(seed, orders=1, units=2)
    scaled = Tariff(
        TARIFF.breaks,
        [[7 * rate for rate in row] for row in TARIFF.rates],
        *([7 * x for x in row] for row in (TARIFF.parcel, TARIFF.unit, TARIFF.fixed)),
    )
    pieces: tuple[Piece, ...] = tuple(p._replace(lost=7 * p.lost) for p in wishes[0].pieces)
    dear: Wish = replace(wishes[0], pieces=pieces, tariff=scaled, _loads={})
    assert best_plan(dear, market).cost == 7 * best_plan(wishes[0], market).cost


@pytest.mark.parametrize("seed", range(60))
def test_a_dearer_parcel_never_means_more_parcels(seed: int) -> None:
    wishes, market = random_batch(seed, orders=1)
    dear = replace(TARIFF, parcel=[cost + 300 for cost in TARIFF.parcel], known={})
    before, after = (
        best_plan(wishes[0], market),
        best_plan(replace(wishes[0], tariff=dear, _loads={}), market),
    )
    assert len(after.parcels) <= len(before.parcels)
