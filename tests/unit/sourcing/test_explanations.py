"""What the decision says to the people who have to stand by it."""

from __future__ import annotations

from dom.model.geo import Coordinates
from dom.model.ids import LocationId
from dom.model.location import LocationType
from dom.model.order import Method
from dom.model.rules import Fences, RuleSet, Weights
from dom.sourcing.plan import Plan
from dom.sourcing.problem import Demand, Supply
from dom.sourcing.solve import solve
from support.sourcing_cases import NOON, demand, line, network, place, stock

NET = network(
    place("soho", name="Soho store"),
    place("boston", Coordinates(42.36, -71.06), name="Boston store"),
    place("reno", Coordinates(39.53, -119.81), name="Reno DC", type=LocationType.DC),
)


def plan(wanted: Demand, supply: Supply) -> Plan:
    return solve(wanted, supply, NET, RuleSet(), NOON)


def test_the_nearest_with_everything_and_what_the_second_best_costs_more() -> None:
    supply = stock(soho={"A": 1, "B": 1, "C": 1}, reno={"A": 1, "B": 1, "C": 1})
    found = plan(demand(line("1", "A"), line("2", "B"), line("3", "C")), supply)
    chosen, second = found.candidates[:2]
    extra = (second["cost"] - chosen["cost"]) / 100  # type: ignore[operator]
    assert found.why == (
        "nearest location with all 3 items: Soho store, 0.0 km; "
        f"2nd best Reno DC +${extra:.2f} (mostly shipping)"
    )
    assert extra > 0


def test_money_is_told_in_the_orders_currency() -> None:
    supply = stock(soho={"A": 1}, reno={"A": 1})
    assert "+$" not in plan(demand(line("1", "A"), currency="EUR"), supply).why
    assert " EUR" in plan(demand(line("1", "A"), currency="EUR"), supply).why
    yen = plan(demand(line("1", "A"), currency="JPY"), supply).why
    assert "." not in yen.split("+")[1]


def test_the_only_location() -> None:
    found = plan(demand(line("1", "A"), line("2", "B")), stock(reno={"A": 1, "B": 1}))
    assert found.why.startswith("only location with both items: Reno DC, 3,")


def test_a_split_says_why_and_who_sends_what() -> None:
    found = plan(demand(line("1", "A"), line("2", "B")), stock(soho={"A": 1}, boston={"B": 1}))
    assert found.why.startswith("split over 2: no single location has both items (1 of 2 items")
    assert found.assignments[0].why == "1 of 2 items from Soho store, 0.0 km"
    units = plan(demand(line("1", "A", 5)), stock(soho={"A": 3}, boston={"A": 3}))
    assert "no single location has all 5 units (3 units from Soho store" in units.why


def test_no_stock_anywhere() -> None:
    found = plan(demand(line("1", "SKU-9")), stock(soho={"A": 1}))
    assert found.why == "no stock anywhere for SKU-9: backordered"


def test_stock_that_may_not_be_used_names_the_place_and_the_fence() -> None:
    supply = Supply({"A": {"boston": 1}}, closed=["boston"])  # type: ignore[dict-item, list-item]
    found = plan(demand(line("1", "A")), supply)
    assert found.why == "no eligible stock (Boston store: closed) for A: backordered"
    (candidate,) = found.candidates
    assert (candidate["eligible"], candidate["reason"]) == (False, "closed")
    rejected = plan(demand(line("1", "A", 1, "soho")), stock(soho={"A": 1}))
    assert "rejected this item before" in rejected.why


def test_a_pickup_names_the_customers_choice() -> None:
    wanted = demand(line("1", "A"), method=Method.PICKUP, fixed_location=LocationId("boston"))
    assert plan(wanted, stock(boston={"A": 1})).why == "chosen by the customer: Boston store"


def test_a_partial_plan_tells_both_parts() -> None:
    found = plan(demand(line("1", "A", 3)), stock(soho={"A": 2}))
    placed, left = found.why.split("; ")
    assert placed == "2 units from Soho store, 0.0 km"
    assert left == "not enough eligible stock (2 units) for 1 of 3 A: backordered"


def test_stock_behind_a_fence_is_named_where_units_are_short() -> None:
    supply = Supply({"A": {"soho": 2, "boston": 5, "reno": 5}}, closed=["boston", "reno"])  # type: ignore[dict-item, list-item]
    left = plan(demand(line("1", "A", 3)), supply).why.split("; ", 1)[1]
    assert left == (
        "not enough eligible stock (2 units; Boston store: closed, and 1 more) for 1 of 3 A: "
        "backordered"
    )


def test_an_order_that_must_be_complete_names_what_is_short() -> None:
    rules = RuleSet(fences=Fences(ship_complete=True))
    found = solve(
        demand(line("1", "A"), line("2", "B", 2)), stock(soho={"A": 1, "B": 1}), NET, rules, NOON
    )
    assert found.why == ("orders ship complete or not at all, and B is short for A, B: backordered")


def test_units_that_would_take_too_many_shipments_say_how_many_are_allowed() -> None:
    rules = RuleSet(fences=Fences(max_splits=0))
    supply = stock(soho={"A": 1}, boston={"B": 1})
    found = solve(demand(line("1", "A"), line("2", "B")), supply, NET, rules, NOON)
    assert found.why == "it would take more than 1 shipment for A, B: backordered"


def test_a_split_that_is_cheaper_than_one_parcel_says_by_how_much() -> None:
    rules = RuleSet(weights=Weights(day=200, parcel=0))
    supply = stock(soho={"A": 2}, boston={"B": 1}, reno={"A": 2, "B": 1})
    found = solve(demand(line("1", "A", 2), line("2", "B")), supply, NET, rules, NOON)
    (reno,) = [one for one in found.candidates if one["location_id"] == "reno"]
    saved = reno["cost"] - found.cost  # type: ignore[operator]
    assert saved > 0
    cheaper = f"split over 2: ${saved / 100:.2f} cheaper than one parcel from Reno DC ("
    assert found.why.startswith(cheaper)


def test_candidates_show_the_chosen_first_and_at_most_ten() -> None:
    net = network(*(place(f"L{n:02}", Coordinates(30 + n / 10, -100)) for n in range(40)))
    supply = Supply({"A": dict.fromkeys(net.index, 5)})  # type: ignore[dict-item]
    found = solve(demand(line("1", "A")), supply, net, RuleSet(), NOON)
    assert len(found.candidates) == 10
    first = found.candidates[0]
    assert first["location_id"] == found.assignments[0].location_id
    assert (first["cost"], first["reason"]) == (found.cost, "chosen")
    costs = [candidate["cost"] for candidate in found.candidates]
    assert costs == sorted(costs)  # type: ignore[type-var]
