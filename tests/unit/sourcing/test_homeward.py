"""Where a return goes: the price of every place by hand, and the best of them by brute force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from dom.model.geo import Coordinates, Destination
from dom.model.ids import LocationId, Sku
from dom.model.location import Capability, Location, LocationType
from dom.model.product import Product
from dom.model.return_policy import ReturnPolicy, ReturnRouting
from dom.model.return_terms import KEEP_IT, LOCATION, NOBODY, ReturnMethod, ReturnReason
from dom.model.rules import RuleSet, Weights
from dom.sourcing.homeward.case import Coming, ReturnCase, takes_returns
from dom.sourcing.homeward.decide import decide
from dom.sourcing.homeward.price import Priced
from dom.sourcing.homeward.price import priced as price_of
from dom.sourcing.homeward.worth import percent_there, supplies
from dom.sourcing.network import Network
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import BOSTON, DALLAS, NOW, RENO, location

SACRAMENTO = Destination("US", "95814", "CA", "Sacramento", Coordinates(38.58, -121.49))
MUG = Sku("MUG")
RULES = RuleSet(weights=Weights(co2e_tonne=0))


def network(*places: Location) -> Network:
    return Network({one.location_id: one for one in places})


def case(*lines: Coming, **rest: Any) -> ReturnCase:
    facts: dict[str, Any] = {
        "lines": lines or (Coming(MUG, 1, ReturnReason.UNWANTED, 5_000, 400),),
        "sender": SACRAMENTO,
        "method": ReturnMethod.MAIL,
        "origins": frozenset(),
        "products": {},
        "units": {},
        "backlogs": {"RENO": 0, "BOSTON": 0, "DALLAS": 0, "SHOP": 0},
    }
    return ReturnCase(**{**facts, **rest})


def priced(goods: ReturnCase, there: Network, rules: RuleSet, place: int) -> Priced:
    return price_of(goods, supplies(goods), there, rules, place)


def policy(**changes: Any) -> RuleSet:
    return replace(RULES, returns=ReturnPolicy(routing=replace(ReturnRouting(), **changes)))


def test_every_term_of_a_place_by_hand() -> None:
    # GIVEN one mug of 400 g sold for 50.00, 182 km from Reno: zone 1, the break of 500 g
    there = network(location("RENO", RENO))
    found = priced(case(), there, RULES, 0)
    # THEN the card's price, 1.50 of labor, a tenth refurbished for 4.00, two days and one of work
    assert found.terms == {
        "transport": 710 + 45 * 500 // 1000,
        "processing": 150,
        "refurbish": 40,
        "decay": round(5_000 * 2 * 3 / 700),
        "co2e": 0,
        "recovered": -5_000,
    }
    assert (found.days, found.recovered) == (3.0, 5_000)
    assert found.cost == sum(found.terms.values())


def test_what_cannot_be_mended_for_less_than_it_brings_is_sold_for_salvage() -> None:
    there = network(location("RENO", RENO))
    cheap = case(Coming(MUG, 10, ReturnReason.DEFECTIVE, 500, 100))
    found = priced(cheap, there, RULES, 0)
    # 1 in 10 is as new: 5.00; the others bring a quarter of it, since mending takes 4.00.
    assert found.recovered == 10 * (10 * 500 + 90 * 125) // 100
    assert found.terms["refurbish"] == 0


@pytest.mark.parametrize(
    ("units", "demand", "weeks", "percent"),
    [
        ({}, 0.0, 0.0, 100),
        ({"RENO": 0, "BOSTON": 0}, 2.0, 0.0, 100),
        ({"RENO": 84, "BOSTON": 84}, 2.0, 12.0, 70),
        ({"RENO": 42, "BOSTON": 42}, 2.0, 6.0, 85),
        ({"RENO": 400}, 2.0, 400 / 14, 70),
        ({"BOSTON": 70}, 2.0, 5.0, 88),
        ({"RENO": -3}, 2.0, 0.0, 100),
    ],
)
def test_the_more_weeks_stock_lasts_the_less_one_more_unit_brings(
    units: dict[str, int], demand: float, weeks: float, percent: int
) -> None:
    known = case(products={MUG: Product(MUG, daily_demand=demand)}, units={"MUG": units})
    reno = location("RENO", RENO)
    [supply] = supplies(known)
    assert supply.weeks(reno.location_id) == pytest.approx(weeks)
    assert percent_there(supply, reno.location_id, ReturnRouting()) == percent


def test_goods_go_where_they_are_missed_if_that_is_worth_the_way() -> None:
    there = network(location("RENO", RENO), location("DALLAS", DALLAS))
    product = {MUG: Product(MUG, daily_demand=1.0)}
    ample = case(products=product, units={"MUG": {"RENO": 500, "DALLAS": 0}})
    assert decide(case(), there, RULES, NOW).location_id == "RENO"
    found = decide(ample, there, RULES, NOW)
    # Dallas holds none, so that it adds to what the network sells, which has ample, too.
    assert found.location_id == "RENO"
    both = case(products=product, units={"MUG": {"RENO": 500, "DALLAS": 1}})
    assert decide(both, there, RULES, NOW).location_id == "DALLAS"
    assert "2nd best RENO" in decide(both, there, RULES, NOW).why


def test_a_queue_of_returns_sends_the_next_one_elsewhere() -> None:
    there = network(location("RENO", RENO, daily_returns=10), location("DALLAS", DALLAS))
    assert decide(case(), there, RULES, NOW).location_id == "RENO"
    waits = case(backlogs={"RENO": 300, "DALLAS": 0})
    found = decide(waits, there, RULES, NOW)
    assert found.location_id == "DALLAS"
    reno = next(one for one in found.candidates if one["location_id"] == "RENO")
    assert reno["days"] == 2 + 1 + 30


def test_goods_that_are_not_worth_their_way_stay_with_the_customer() -> None:
    there = network(location("RENO", RENO))
    pens = case(Coming(MUG, 1, ReturnReason.UNWANTED, 900, 50))
    found = decide(pens, there, RULES, NOW)
    assert (found.outcome, found.location_id) == (KEEP_IT, None)
    assert "it brings $" in found.why
    assert decide(pens, there, policy(keep_below=0), NOW).outcome == LOCATION
    assert decide(pens, there, policy(keep_below=200), NOW).outcome == LOCATION
    # Together they are one parcel.
    many = case(Coming(MUG, 5, ReturnReason.UNWANTED, 900, 50))
    assert decide(many, there, RULES, NOW).outcome == LOCATION


def test_what_is_brought_to_a_store_stays_or_goes_on_with_the_others() -> None:
    shop = location("SHOP", RENO, type=LocationType.STORE)
    there = network(shop, location("DALLAS", DALLAS))
    brought = case(method=ReturnMethod.STORE, dropped_at=LocationId("SHOP"))
    found = decide(brought, there, RULES, NOW)
    assert found.location_id == "SHOP" and "brought by the customer" in found.why
    at_shop, on = (priced(brought, there, RULES, there.index[LocationId(x)]) for x in there.index)
    terms = {one.location.location_id: one.terms["transport"] for one in (at_shop, on)}
    by_mail = priced(case(sender=Destination("US", coordinates=RENO)), there, RULES, 0)
    assert terms == {"SHOP": 0, "DALLAS": by_mail.terms["transport"] * 40 // 100}
    ample = {"MUG": {"SHOP": 900, "DALLAS": 1}}
    product = {MUG: Product(MUG, daily_demand=1.0)}
    moved = replace(brought, units=ample, products=product)
    assert decide(moved, there, RULES, NOW).location_id == "DALLAS"


def test_without_a_chosen_store_the_nearest_one_is_meant() -> None:
    shops = [
        location("SHOP", RENO, type=LocationType.STORE),
        location("FAR", BOSTON, type=LocationType.STORE),
    ]
    brought = case(method=ReturnMethod.STORE, backlogs={"SHOP": 0, "FAR": 0})
    found = decide(brought, network(*shops), RULES, NOW)
    assert (found.location_id, found.candidates[0]["distance_km"]) == ("SHOP", 0)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"active": False}, None),
        ({"capabilities": frozenset({Capability.SHIP})}, None),
        ({"type": LocationType.PICKUP_POINT}, "no pickup_point takes returns"),
        ({"handles": frozenset()}, "cannot handle hazmat"),
        ({"type": LocationType.SUPPLIER, "handles": frozenset({"hazmat"})}, "not its goods"),
    ],
)
def test_who_may_not_take_it_is_told_with_the_reason(
    changes: dict[str, Any], reason: str | None
) -> None:
    able = location("BOSTON", BOSTON, handles=frozenset({"hazmat"}))
    near = location("RENO", RENO, **{"handles": frozenset({"hazmat"}), **changes})
    goods = case(products={MUG: Product(MUG, needs=frozenset({"hazmat"}))})
    found = decide(goods, network(able, near), RULES, NOW)
    assert found.location_id == "BOSTON"
    out = {one["location_id"]: one["reason"] for one in found.candidates if not one["eligible"]}
    assert out == ({"RENO": reason} if reason else {})


def test_a_closed_place_takes_nothing_and_a_vendor_its_own() -> None:
    vendor = location("RENO", RENO, type=LocationType.SUPPLIER)
    there = network(vendor, location("BOSTON", BOSTON))
    assert decide(case(backlogs={"BOSTON": 0}), there, RULES, NOW).location_id == "BOSTON"
    own = case(origins=frozenset({LocationId("RENO")}))
    assert decide(own, there, RULES, NOW).location_id == "RENO"


def test_nobody_takes_it() -> None:
    there = network(location("RENO", RENO, capabilities=frozenset()))
    assert takes_returns(there) == ()
    assert decide(case(), there, RULES, NOW).outcome == KEEP_IT
    assert decide(case(), there, policy(keep_below=0), NOW).outcome == NOBODY


def test_an_unknown_place_is_never_near() -> None:
    there = network(location("NOWHERE", None), location("BOSTON", BOSTON))
    known = case(backlogs={"NOWHERE": 0, "BOSTON": 0})
    found = decide(known, there, RULES, NOW)
    assert found.location_id == "BOSTON"
    lost = decide(replace(known, sender=None), there, RULES, NOW)
    assert lost.candidates[0]["distance_km"] is None


SPOTS = st.tuples(st.floats(25, 48), st.floats(-123, -70))
PLACE = st.fixed_dictionaries(
    {
        "spot": SPOTS,
        "type": st.sampled_from([LocationType.STORE, LocationType.WAREHOUSE, LocationType.DC]),
        "a_day": st.sampled_from([None, 5, 50]),
        "waits": st.integers(0, 400),
        "stock": st.integers(-2, 60),
        "open": st.booleans(),
        "hazmat": st.booleans(),
    }
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PLACE, min_size=1, max_size=8), st.permutations(range(8)), st.integers(300, 20_000))
def test_it_is_the_best_of_all_places_whatever_order_they_are_told_in(
    told: list[dict[str, Any]], order: list[int], value: int
) -> None:
    places = [made(n, one) for n, one in enumerate(told)]
    backlogs = {f"L{n}": one["waits"] for n, one in enumerate(told) if one["open"]}
    goods = case(
        Coming(MUG, 2, ReturnReason.STYLE, value, 700),
        products={MUG: Product(MUG, needs=frozenset({"hazmat"}), daily_demand=1.5)},
        units={"MUG": {f"L{n}": one["stock"] for n, one in enumerate(told)}},
        backlogs=backlogs,
    )
    shuffled = [places[n] for n in order if n < len(places)]
    found = decide(goods, network(*places), RULES, NOW)
    assert found == decide(goods, network(*shuffled), RULES, NOW)
    best = min(by_hand(goods, told), default=None)
    if best is None:
        assert (found.outcome, found.location_id) == (KEEP_IT, None)
    elif found.outcome == LOCATION:
        assert found.cost == best
    else:
        assert found.outcome == KEEP_IT and best > 0


def made(n: int, told: dict[str, Any]) -> Location:
    handles = frozenset({"hazmat"} if told["hazmat"] else ())
    facts = {"type": told["type"], "daily_returns": told["a_day"], "handles": handles}
    return location(f"L{n}", Coordinates(*told["spot"]), **facts)


def by_hand(goods: ReturnCase, told: list[dict[str, Any]]) -> Iterator[int]:
    """Cost of each place that may take it: the formula written down a second time."""
    [line], card, by = goods.lines, RULES.rate_card, RULES.returns.routing
    stock = {n: one["stock"] for n, one in enumerate(told)}
    holders = sum(units > 0 for units in stock.values())
    for n, one in enumerate(told):
        if not (one["open"] and one["hazmat"]):
            continue
        view = network(made(n, one)).view(SACRAMENTO)
        zone = card.zone(view.metres(0))
        if stock[n] > 0:
            weeks = stock[n] * holders / (1.5 * 7)
        else:
            weeks = max(0, sum(stock.values())) / (1.5 * 7)
        there = line.value * round(100 - 30 * min(1.0, weeks / 12)) // 100
        salvage = line.value * 25 // 100
        mend = there - 400 >= salvage
        brought = 2 * (90 * there + 10 * (there if mend else salvage)) // 100
        days = RULES.service.transit_days[zone] + 1 + one["waits"] / (one["a_day"] or float("inf"))
        yield (
            card.price(1400, zone)
            + by.processing[one["type"]] * 2
            + (2 * 10 * 400 // 100 if mend else 0)
            + round(line.value * 2 * 2 * days / 700)
            - brought
        )
