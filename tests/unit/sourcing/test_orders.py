"""What routing decides in the cases that people argue about."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dom.model.geo import Coordinates, Destination
from dom.model.ids import LocationId
from dom.model.location import Capability, LocationType
from dom.model.order import Method
from dom.model.rules import Fences, RuleSet, Weights
from dom.sourcing.plan import Plan
from dom.sourcing.problem import Demand, Network, Supply
from dom.sourcing.solve import solve
from support.sourcing_cases import HOME, NOON, demand, line, network, place, stock

BOSTON = Coordinates(42.36, -71.06)
RENO = Coordinates(39.53, -119.81)
NET = network(place("soho"), place("boston", BOSTON), place("reno", RENO, type=LocationType.DC))


def plan(wanted: Demand, supply: Supply, net: Network = NET, rules: RuleSet | None = None) -> Plan:
    return solve(wanted, supply, net, rules or RuleSet(), NOON)


def sent(found: Plan) -> dict[str, list[tuple[str, int]]]:
    return {
        str(a.location_id): [(line_id, units) for line_id, _, units in a.lines]
        for a in found.assignments
    }


def fenced(**fences: object) -> RuleSet:
    return RuleSet(fences=Fences(**fences))  # type: ignore[arg-type]


def test_the_whole_order_goes_from_one_location_even_if_it_is_far() -> None:
    supply = stock(soho={"A": 9}, boston={"B": 9}, reno={"A": 9, "B": 9})
    assert sent(plan(demand(line("1", "A"), line("2", "B")), supply)) == {
        "reno": [("1", 1), ("2", 1)]
    }


def test_without_such_a_location_the_fewest_parcels_win_then_the_cheapest() -> None:
    supply = stock(soho={"A": 9}, boston={"B": 9, "C": 9}, reno={"A": 1, "C": 9})
    found = plan(demand(line("1", "A"), line("2", "B"), line("3", "C")), supply)
    assert sent(found) == {"soho": [("1", 1)], "boston": [("2", 1), ("3", 1)]}


def test_five_units_come_from_two_locations_with_three_each() -> None:
    found = plan(demand(line("1", "A", 5)), stock(soho={"A": 3}, boston={"A": 3}))
    assert sent(found) == {"soho": [("1", 3)], "boston": [("1", 2)]}
    assert (found.outcome, found.unallocated) == ("allocated", {})


def test_a_line_is_not_torn_apart_where_one_location_has_it_whole() -> None:
    found = plan(demand(line("1", "A", 5)), stock(soho={"A": 4}, boston={"A": 4}, reno={"A": 5}))
    assert sent(found) == {"reno": [("1", 5)]}


def test_two_lines_of_one_sku_share_the_stock() -> None:
    wanted = demand(line("1", "A", 2), line("2", "A", 2))
    both = sent(plan(wanted, stock(soho={"A": 3}, boston={"A": 2})))
    assert {key: [units for _, units in rows] for key, rows in both.items()} == {
        "soho": [2],
        "boston": [2],
    }
    short = plan(wanted, stock(soho={"A": 3}))
    assert sum(units for _, units in sent(short)["soho"]) == 3
    assert sum(short.unallocated.values()) == 1


def test_two_lines_of_one_sku_are_split_when_whole_lines_would_lose_units() -> None:
    wanted = demand(line("1", "A", 3), line("2", "A", 3))
    found = plan(wanted, stock(soho={"A": 4}, boston={"A": 2}))
    assert found.outcome == "allocated"
    assert {key: sum(u for _, u in rows) for key, rows in sent(found).items()} == {
        "soho": 4,
        "boston": 2,
    }


def test_what_the_network_does_not_have_is_left_over_and_the_rest_allocated() -> None:
    found = plan(demand(line("1", "A", 5), line("2", "Z")), stock(soho={"A": 2}, reno={"A": 1}))
    assert found.outcome == "partial"
    assert found.unallocated == {"1": 2, "2": 1}


def test_ship_complete_means_all_or_nothing() -> None:
    wanted = demand(line("1", "A"), line("2", "Z"))
    found = plan(wanted, stock(soho={"A": 2}), rules=fenced(ship_complete=True))
    assert (found.outcome, sent(found), found.unallocated) == ("backordered", {}, {"1": 1, "2": 1})


def test_no_splits_means_one_shipment_or_none() -> None:
    wanted, rules = demand(line("1", "A"), line("2", "B")), fenced(max_splits=0)
    assert sent(plan(wanted, stock(soho={"A": 1}, boston={"B": 1}), rules=rules)) == {}
    assert sent(plan(wanted, stock(soho={"A": 1}), rules=rules)) == {}
    assert len(sent(plan(wanted, stock(soho={"A": 1, "B": 1}), rules=rules))) == 1


def test_one_split_means_two_shipments_and_a_leftover_is_one_of_them() -> None:
    rules = fenced(max_splits=1)
    three = demand(line("1", "A"), line("2", "B"), line("3", "C"))
    spread = stock(soho={"A": 1}, boston={"B": 1}, reno={"C": 1})
    assert len(sent(plan(three, spread, rules=rules))) == 1
    pair = stock(soho={"A": 1, "B": 1}, reno={"C": 1})
    assert len(sent(plan(three, pair, rules=rules))) == 2


def test_a_split_that_saves_more_than_the_customers_second_parcel_is_worth_is_made() -> None:
    heavy = demand(line("1", "A", grams=20_000), line("2", "B", grams=20_000))
    supply = stock(soho={"A": 1}, boston={"B": 1}, reno={"A": 1, "B": 1})
    assert set(sent(plan(heavy, supply))) == {"soho", "boston"}
    fewest = RuleSet(weights=Weights(parcel=1_000_000))
    assert set(sent(plan(heavy, supply, rules=fewest))) == {"reno"}


@pytest.mark.parametrize(
    "supply",
    [
        Supply({"A": {"soho": 1, "reno": 1}}, closed=["soho"]),  # type: ignore[dict-item, list-item]
        Supply({"A": {"soho": 1, "reno": 1}}, capacity_left={"soho": 0}),  # type: ignore[dict-item]
    ],
)
def test_a_closed_or_full_location_gets_nothing(supply: Supply) -> None:
    assert set(sent(plan(demand(line("1", "A")), supply))) == {"reno"}


def test_an_inactive_location_gets_nothing() -> None:
    net = network(place("soho", active=False), place("reno", RENO))
    assert set(sent(plan(demand(line("1", "A")), stock(soho={"A": 1}, reno={"A": 1}), net))) == {
        "reno"
    }


def test_a_location_that_rejected_a_line_is_not_asked_for_it_again() -> None:
    wanted = demand(line("1", "A", 1, "soho"), line("2", "B"))
    supply = stock(soho={"A": 5, "B": 5}, boston={"A": 5})
    assert sent(plan(wanted, supply)) == {"soho": [("2", 1)], "boston": [("1", 1)]}


def test_a_pickup_stays_where_the_customer_chose_it() -> None:
    wanted = demand(line("1", "A"), method=Method.PICKUP, fixed_location=LocationId("boston"))
    elsewhere = plan(wanted, stock(soho={"A": 5}))
    assert (elsewhere.outcome, sent(elsewhere)) == ("backordered", {})
    there = plan(wanted, stock(soho={"A": 5}, boston={"A": 1}))
    assert sent(there) == {"boston": [("1", 1)]}
    assert there.assignments[0].terms["shipping"] == there.assignments[0].co2e_grams == 0


def test_a_pickup_without_a_place_goes_nowhere() -> None:
    assert sent(plan(demand(line("1", "A"), method=Method.CURBSIDE), stock(soho={"A": 5}))) == {}


def test_a_location_must_offer_the_delivery_method() -> None:
    net = network(place("soho", capabilities=frozenset({Capability.PICKUP})), place("reno", RENO))
    assert set(sent(plan(demand(line("1", "A")), stock(soho={"A": 1}, reno={"A": 1}), net))) == {
        "reno"
    }


def test_same_day_delivery_keeps_to_its_radius() -> None:
    wanted = demand(line("1", "A"), method=Method.SAME_DAY)
    assert set(sent(plan(wanted, stock(soho={"A": 1}, boston={"A": 1})))) == {"soho"}
    assert sent(plan(wanted, stock(boston={"A": 1}))) == {}


def test_a_country_out_of_reach_is_not_served() -> None:
    abroad = demand(line("1", "A"), destination=Destination("CA", coordinates=BOSTON))
    supply = stock(soho={"A": 1})
    assert plan(abroad, supply).outcome == "allocated"
    home_only = fenced(ships_to={"US": frozenset({"US"})})
    assert plan(abroad, supply, rules=home_only).outcome == "backordered"


def test_a_store_keeps_its_last_units_below_the_routing_minimum() -> None:
    supply = stock(soho={"A": 2}, reno={"A": 3})
    assert set(sent(plan(demand(line("1", "A")), supply, rules=fenced(min_routing_stock=3)))) == {
        "reno"
    }


def test_an_unknown_place_is_never_near() -> None:
    # Reno is as far as the card knows; the unknown store would else win by its lower labor.
    net = network(place("ghost", None), place("attu", Coordinates(52.9, 172.9)))
    found = plan(demand(line("1", "A")), stock(ghost={"A": 1}, attu={"A": 1}), net)
    assert set(sent(found)) == {"attu"}
    only = plan(demand(line("1", "A")), stock(ghost={"A": 1}), net)
    assert (only.outcome, only.assignments[0].distance_km) == ("allocated", None)
    assert "distance unknown" in only.why


def test_with_an_unknown_destination_rank_decides() -> None:
    nowhere = demand(line("1", "A"), destination=Destination("US"))
    twins = network(place("b"), place("a"), place("dc", type=LocationType.DC))
    assert set(sent(plan(nowhere, stock(a={"A": 1}, b={"A": 1}), twins))) == {"a"}
    assert set(sent(plan(nowhere, stock(a={"A": 1}, dc={"A": 1}), twins))) == {"dc"}


def test_a_us_address_without_coordinates_is_placed_by_its_zip_area() -> None:
    by_zip = demand(line("1", "A"), destination=Destination("US", "89501-1234"))
    found = plan(by_zip, stock(soho={"A": 1}, reno={"A": 1}))
    (assignment,) = found.assignments
    assert assignment.location_id == "reno"
    assert assignment.distance_km is not None
    assert assignment.distance_km < 30


def test_elsewhere_a_postal_code_alone_is_no_place() -> None:
    assert NET.locate(Destination("DE", "10115")) is None
    assert NET.locate(Destination("US", "00000")) is None
    assert NET.locate(Destination("DE", "10115", coordinates=HOME)) == HOME


def test_nothing_to_allocate_is_a_plan_too() -> None:
    found = plan(demand(line("1", "A", 0)), stock(soho={"A": 1}))
    assert (found.outcome, found.assignments, found.why) == ("allocated", (), "nothing to allocate")


def test_a_sku_or_location_that_nobody_knows_is_no_error() -> None:
    found = plan(demand(line("1", "A")), stock(closed_down={"A": 5}, soho={"B": 1}))
    assert found.outcome == "backordered"


def test_money_scales_the_cost_and_not_the_choice() -> None:
    wanted = demand(line("1", "A"), line("2", "B"))
    supply = stock(soho={"A": 1}, boston={"B": 1, "A": 1}, reno={"B": 1})
    once = plan(wanted, supply, rules=RuleSet(weights=Weights(day=200, co2e_tonne=0)))
    card = RuleSet().rate_card
    double = replace(card, prices=tuple(tuple(2 * p for p in row) for row in card.prices))
    handling = {
        kind: replace(h, parcel=2 * h.parcel, unit=2 * h.unit)
        for kind, h in Weights().handling.items()
    }
    weights = Weights(day=400, co2e_tonne=0, handling=handling)
    twice = plan(wanted, supply, rules=RuleSet(weights=weights, rate_card=double))
    assert (twice.cost, sent(twice)) == (2 * once.cost, sent(once))
