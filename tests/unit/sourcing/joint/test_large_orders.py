"""Orders of more pieces than the exact search divides."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from dom.sourcing.joint.large import divide_large, floor
from dom.sourcing.joint.market import SLOTS, Market
from dom.sourcing.joint.prices import FREE, Prices, as_parcel
from dom.sourcing.joint.single import as_plan, best_plan
from dom.sourcing.joint.units import MOST_PIECES, able_places
from dom.sourcing.joint.wish import Piece, Plan, Wish
from support.wishes import LOST, TARIFF, possible

PLACES = 12


def order(seed: int, lines: int, units: int = 1) -> tuple[Wish, Market]:
    """Each line in half of the places."""
    rng = Random(seed)
    units_of = {
        sku: {p: rng.randint(1, 2 * units) for p in range(PLACES) if rng.random() < 0.5}
        for sku in range(lines)
    }
    pieces = tuple(Piece(sku, sku, units, rng.randint(1, 3), LOST) for sku in range(lines))
    groups = [0, 0, 0]
    for place in range(PLACES):
        groups[rng.randrange(3)] |= 1 << place
    return Wish(0, pieces, tuple(groups), TARIFF), Market(units_of, dict.fromkeys(range(PLACES), 9))


def in_parts(wish: Wish, market: Market, prices: Prices = FREE) -> Plan:
    sends = divide_large(wish, market, prices, able_places(wish, market))
    sets = ((place, sum(1 << j for j in held)) for place, held in sends.items())
    return as_plan(wish, tuple(as_parcel(wish, s, place) for place, s in sets))


def test_where_both_searches_can_go_the_one_for_large_orders_is_hardly_ever_dearer() -> None:
    gaps = []
    for seed in range(60):
        wish, market = order(seed, MOST_PIECES)
        exact, parts = best_plan(wish, market), in_parts(wish, market)
        assert exact.cost <= parts.cost
        gaps.append(parts.cost / exact.cost - 1)
    assert sum(gaps) / len(gaps) < 0.003
    assert max(gaps) < 0.03


@pytest.mark.parametrize("lines", [11, 25, 60])
@pytest.mark.parametrize("seed", range(4))
def test_a_large_order_is_sent_whole_where_stock_allows_and_lies_above_its_bound(
    seed: int, lines: int
) -> None:
    wish, market = order(seed, lines)
    plan = best_plan(wish, market)
    assert possible([plan], market)
    sent = {piece.line for parcel in plan.parcels for piece in parcel.pieces}
    assert sent == {
        p.line for p, there in zip(wish.pieces, able_places(wish, market), strict=True) if there
    }
    assert floor(wish, market) <= plan.cost


@pytest.mark.parametrize("seed", range(10))
def test_lines_asked_twice_do_not_take_a_unit_twice(seed: int) -> None:
    wish, market = order(seed, 8)
    again = tuple(p._replace(line=p.line + 100) for p in wish.pieces)
    plan = best_plan(replace(wish, pieces=wish.pieces + again, _loads={}), market)
    assert possible([plan], market)


@pytest.mark.parametrize("seed", range(10))
def test_a_line_larger_than_any_location_s_stock_goes_in_few_parts(seed: int) -> None:
    rng = Random(seed)
    there = {place: rng.randint(5, 20) for place in range(PLACES)}
    market = Market({0: there}, dict.fromkeys(range(PLACES), 9))
    asked = sum(sorted(there.values())[-3:])
    wish, _ = order(seed, 1)
    wish = replace(wish, pieces=(Piece(0, 0, asked, asked, LOST),), _loads={})
    plan = best_plan(wish, market)
    assert sum(piece.quantity for parcel in plan.parcels for piece in parcel.pieces) == asked
    assert len(plan.parcels) == 3 and possible([plan], market)


def test_a_line_larger_than_the_network_s_stock_is_lost_and_the_others_go() -> None:
    wish, market = order(1, 12)
    first = wish.pieces[0]._replace(quantity=1000)
    plan = best_plan(replace(wish, pieces=(first, *wish.pieces[1:]), _loads={}), market)
    sent = {piece.line for parcel in plan.parcels for piece in parcel.pieces}
    assert 0 not in sent and sent


def test_a_dear_slot_moves_a_large_order_elsewhere() -> None:
    wish, market = order(3, 20)
    plan = best_plan(wish, market)
    dear = Prices({parcel.place: 100_000 for parcel in plan.parcels})
    other = best_plan(wish, market, dear)
    assert (
        sum(map(dear.of, other.parcels)) + other.cost <= sum(map(dear.of, plan.parcels)) + plan.cost
    )


def test_the_same_large_order_gets_the_same_plan_whatever_the_order_of_its_stock() -> None:
    wish, market = order(5, 30)
    turned = {sku: dict(reversed(row.items())) for sku, row in market.units.items() if sku != SLOTS}
    again = Market(turned, market.units[SLOTS])
    assert best_plan(wish, market) == best_plan(replace(wish, _loads={}), again)
