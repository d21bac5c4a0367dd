"""Rate card, CO2e and the other terms of a parcel's price."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dom.model.order import Method
from dom.model.rate_card import RateCard
from dom.model.rules import Handling, RuleSet, Service, Weights
from dom.sourcing import objectives
from dom.sourcing.objectives import OBJECTIVES, carbon
from dom.sourcing.pricing import Parcel
from hypothesis import given
from hypothesis import strategies as st

RULES = RuleSet()
CARD = RULES.rate_card
PARCEL = Parcel(
    metres=500_000,
    zone=CARD.zone(500_000),
    grams=2000,
    units=3,
    days=4,
    handling=Handling(150, 30),
    cross_border=False,
    method=Method.SHIP,
)
GRAMS = st.integers(1, 200_000)
ZONE = st.integers(0, CARD.last_zone)


def test_a_weight_at_a_break_pays_the_lighter_row() -> None:
    assert CARD.price(1000, 0) == CARD.prices[CARD.breaks_grams.index(1000)][0]
    assert CARD.price(1001, 0) == CARD.prices[CARD.breaks_grams.index(2000)][0]
    assert CARD.price(0, 0) == CARD.prices[0][0]


def test_a_distance_at_an_edge_is_in_the_nearer_zone() -> None:
    assert [CARD.zone(m) for m in (0, 80_000, 80_001, 2_900_000, 2_900_001)] == [0, 0, 1, 6, 7]
    assert CARD.zone(None) == CARD.last_zone == 7


def test_what_is_heavier_than_the_last_break_travels_in_several_boxes() -> None:
    full = CARD.prices[-1][3]
    assert CARD.price(30_000, 3) == full
    assert CARD.price(60_000, 3) == 2 * full
    assert CARD.price(61_000, 3) == 2 * full + CARD.price(1000, 3)


@given(GRAMS, GRAMS, ZONE)
def test_one_parcel_never_costs_more_than_its_parts(a: int, b: int, zone: int) -> None:
    """The exact search merges parcels of one location; this is why that is right."""
    assert CARD.price(a + b, zone) <= CARD.price(a, zone) + CARD.price(b, zone)


@given(GRAMS, st.integers(0, 5_000_000), st.integers(0, 5_000_000))
def test_no_term_falls_with_distance(grams: int, near: int, far: int) -> None:
    near, far = sorted((near, far))
    here = PARCEL._replace(metres=near, zone=CARD.zone(near), grams=grams)
    for method in (Method.SHIP, Method.SAME_DAY, Method.PICKUP):
        a = here._replace(method=method)
        b = a._replace(metres=far, zone=CARD.zone(far))
        unknown = b._replace(metres=None, zone=CARD.last_zone)
        for name, price in OBJECTIVES.items():
            assert price(a, RULES) <= price(b, RULES) <= price(unknown, RULES), name


@pytest.mark.parametrize(
    "prices",
    [
        ((0, 5), (5, 6)),  # free is not a price
        ((5, 4), (5, 6)),  # falls with distance
        ((5, 6), (4, 6)),  # falls with weight
        ((5, 6),),
    ],
)
def test_a_card_that_the_solver_cannot_trust_is_refused(
    prices: tuple[tuple[int, ...], ...],
) -> None:
    with pytest.raises(ValueError, match="rate card"):
        RateCard(edges_km=(80,), breaks_grams=(500, 1000), prices=prices)


def test_transit_days_must_fit_the_zones() -> None:
    with pytest.raises(ValueError, match="transit"):
        RuleSet(service=Service(transit_days=(1, 2)))


def test_co2e_follows_the_published_factors() -> None:
    """UK DESNZ/DEFRA 2025: 2 kg over 500 km by lorry, and over 50 km by van."""
    assert carbon.road_grams(2000, 500_000, carbon.HGV_GRAMS_PER_TONNE_KM) == pytest.approx(101.63)
    assert carbon.road_grams(2000, 50_000, carbon.VAN_GRAMS_PER_TONNE_KM) == pytest.approx(63.13)
    rules = replace(RULES, last_mile_km=50)
    assert carbon.co2e_grams(PARCEL, rules) == round(101.63 + 63.13)
    assert carbon.co2e_grams(PARCEL._replace(method=Method.PICKUP), rules) == 0


def test_a_price_is_the_sum_of_its_terms() -> None:
    terms = objectives.terms(PARCEL, replace(RULES, weights=Weights(day=200, co2e_tonne=1_000_000)))
    assert terms == {
        "shipping": CARD.price(2000, CARD.zone(500_000)),
        "handling": 150 + 3 * 30,
        "time": 4 * 200,
        "carbon": 114,  # 101.63 g + 10 km of van, at one minor unit per gram
    }


def test_crossing_a_border_costs_extra() -> None:
    abroad = PARCEL._replace(cross_border=True)
    extra = (
        objectives.terms(abroad, RULES)["shipping"] - objectives.terms(PARCEL, RULES)["shipping"]
    )
    assert extra == CARD.cross_border
