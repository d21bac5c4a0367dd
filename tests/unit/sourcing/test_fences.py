"""What each fence keeps out, what it lets through, and what the decision says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from dom.model.geo import Coordinates
from dom.model.ids import LocationId
from dom.model.location import LocationType
from dom.model.order import Method
from dom.model.rules import Dropship, Fences, Pass, RuleSet, Weights
from dom.sourcing.plan import Plan
from dom.sourcing.problem import Demand, DemandLine, Network, Supply
from dom.sourcing.solve import solve
from support.sourcing_cases import NOON, demand, line, network, place, stock

BOSTON = Coordinates(42.36, -71.06)
RENO = Coordinates(39.53, -119.81)
NET = network(
    place("soho", groups=frozenset({"city"}), handles=frozenset({"cold"})),
    place("boston", BOSTON),
    place("vendor", type=LocationType.SUPPLIER),
)


def plan(wanted: Demand, supply: Supply, net: Network = NET, **fences: Any) -> Plan:
    return solve(wanted, supply, net, RuleSet(fences=Fences(**fences)), NOON)


def sent(found: Plan) -> dict[str, list[tuple[str, int]]]:
    return {
        str(a.location_id): [(line_id, units) for line_id, _, units in a.lines]
        for a in found.assignments
    }


ONE = demand(line("1", "A"))
BOTH = {"soho": {"A": 1}, "boston": {"A": 1}}


@pytest.mark.parametrize(
    ("fences", "reason"),
    [
        ({"radius_km": 10}, "too far to ship"),
        ({"groups": frozenset({"city"})}, "in none of the groups that may serve it"),
        ({"excluded": frozenset({LocationId("boston")})}, "kept out by the rules"),
    ],
)
def test_a_location_behind_a_fence_stays_out_and_the_decision_says_why(
    fences: dict[str, Any], reason: str
) -> None:
    assert sent(plan(ONE, stock(**BOTH), **fences)) == {"soho": [("1", 1)]}
    alone = plan(ONE, stock(boston={"A": 1}), **fences)
    assert (alone.outcome, alone.candidates[0]["reason"]) == ("backordered", reason)


def test_an_unknown_distance_is_beyond_every_radius() -> None:
    net = network(place("ghost", None))
    assert plan(ONE, stock(ghost={"A": 1}), net).outcome == "allocated"
    assert plan(ONE, stock(ghost={"A": 1}), net, radius_km=20_000).outcome == "backordered"


def test_goods_go_only_where_they_can_be_handled() -> None:
    frozen = replace(line("1", "A"), needs=frozenset({"cold"}))
    assert sent(plan(demand(frozen), stock(**BOTH))) == {"soho": [("1", 1)]}
    found = plan(demand(frozen), stock(boston={"A": 1}))
    assert found.candidates[0]["reason"] == "cannot handle such goods"


@pytest.mark.parametrize(
    ("dropship", "own", "chosen"),
    [
        (Dropship.ALWAYS, 1, "vendor"),
        (Dropship.LAST, 1, "boston"),
        (Dropship.LAST, 0, "vendor"),
        (Dropship.NEVER, 0, None),
    ],
)
def test_a_supplier_sends_as_the_rules_say(dropship: Dropship, own: int, chosen: str) -> None:
    supply = stock(boston={"A": own}, vendor={"A": 5})
    assert list(sent(plan(ONE, supply, dropship=dropship))) == ([chosen] if chosen else [])


def test_a_supplier_helps_out_where_own_locations_have_too_little() -> None:
    wanted = demand(line("1", "A", 3))
    supply = stock(boston={"A": 2}, vendor={"A": 5})
    assert sent(plan(wanted, supply, dropship=Dropship.LAST)) == {"vendor": [("1", 3)]}
    closed = Supply(supply.available, closed=[LocationId("boston")])
    assert sent(plan(ONE, closed, dropship=Dropship.LAST)) == {"vendor": [("1", 1)]}


@pytest.mark.parametrize(
    ("allocated", "left_over", "outcome"),
    [(80, 160, "backordered"), (80, 80, "backordered"), (160, 160, "partial")],
)
def test_goods_worth_too_little_are_neither_sent_nor_left_over_alone(
    allocated: int, left_over: int, outcome: str
) -> None:
    wanted = demand(
        replace(line("1", "A"), value_minor=allocated),
        replace(line("2", "B"), value_minor=left_over),
    )
    found = plan(wanted, stock(soho={"A": 1}), split_value=100)
    assert found.outcome == outcome
    whole = plan(wanted, stock(soho={"A": 1, "B": 1}), split_value=100)
    assert whole.outcome == "allocated"


@pytest.mark.parametrize(("value", "parcels"), [(80, 0), (160, 2)])
def test_a_split_is_made_only_of_shipments_that_are_worth_it(value: int, parcels: int) -> None:
    wanted = demand(
        replace(line("1", "A"), value_minor=value), replace(line("2", "B"), value_minor=500)
    )
    found = plan(wanted, stock(soho={"A": 1}, boston={"B": 1}), split_value=100)
    assert len(found.assignments) == parcels


def kept(*skus: str) -> Demand:
    return demand(*(replace(line(sku, sku), keep_together="set") for sku in skus), line("Z", "Z"))


def test_goods_that_belong_together_travel_in_one_parcel_or_wait() -> None:
    apart = stock(soho={"A": 1, "Z": 1}, boston={"B": 1})
    found = plan(kept("A", "B"), apart)
    assert sent(found) == {"soho": [("Z", 1)]}
    assert found.unallocated == {"A": 1, "B": 1}
    one = stock(soho={"A": 1, "Z": 1}, boston={"A": 1, "B": 1})
    assert sent(plan(kept("A", "B"), one)) == {"soho": [("Z", 1)], "boston": [("A", 1), ("B", 1)]}


def test_a_large_order_keeps_together_what_belongs_together() -> None:
    lines = [line(f"{n:02}", f"S{n}") for n in range(14)]
    wanted = demand(*(replace(one, keep_together=f"set{n // 2}") for n, one in enumerate(lines)))
    odd = {f"S{n}": 1 for n in range(14) if n % 4 in (0, 1)}
    even = {f"S{n}": 1 for n in range(14) if n % 4 != 0}
    found = plan(wanted, stock(soho=odd, boston=even))
    homes = {line_id: a.location_id for a in found.assignments for line_id, _, _ in a.lines}
    assert found.outcome == "allocated"
    assert all(homes[f"{n:02}"] == homes[f"{n + 1:02}"] for n in range(0, 14, 2))


def test_a_large_order_sends_no_shipment_that_is_worth_too_little() -> None:
    wanted = demand(*(replace(line(f"{n:02}", f"S{n}"), value_minor=10) for n in range(14)))
    most, rest = {f"S{n}": 1 for n in range(12)}, {f"S{n}": 1 for n in range(12, 14)}
    found = plan(wanted, stock(soho=most, boston=rest), split_value=50)
    assert found.assignments == ()
    assert len(plan(wanted, stock(soho=most, boston=rest), split_value=20).assignments) == 2


def open_on(*weekdays: int, dates: tuple[date, ...] = ()) -> Network:
    closed = frozenset(range(7)) - frozenset(weekdays)
    return network(place("soho", closed_weekdays=closed, closed_dates=frozenset(dates)))


def delivered(net: Network, method: Method = Method.SHIP) -> date:
    wanted = replace(ONE, method=method)
    if method is Method.PICKUP:
        wanted = replace(wanted, fixed_location=LocationId("soho"))
    (one,) = plan(wanted, stock(soho={"A": 1}), net).assignments
    return one.delivers_by.date()


def test_a_location_hands_over_on_its_next_open_day() -> None:
    """NOON is a Wednesday; a parcel in the first zone takes one working day, not a Sunday."""
    wednesday = NOON.date()
    everyday = open_on(0, 1, 2, 3, 4, 5, 6)
    # Until 20:00 in New York: that is the next day in UTC.
    assert delivered(everyday) == wednesday + timedelta(days=2)
    assert delivered(open_on(4)) == wednesday + timedelta(days=4)
    assert delivered(open_on(5)) == wednesday + timedelta(days=6)
    assert delivered(open_on(2, 3, dates=(wednesday,))) == wednesday + timedelta(days=3)
    assert delivered(open_on(6), Method.PICKUP) == wednesday + timedelta(days=5)


def test_a_location_that_hands_over_earlier_is_worth_its_longer_way() -> None:
    net = network(place("soho", closed_weekdays=frozenset({2, 3, 4, 5})), place("boston", BOSTON))
    assert list(sent(plan(ONE, stock(**BOTH), net))) == ["boston"]


PASSES = (Pass("on time", 0), Pass("two late", 2), Pass("split", 5), Pass("any"))


def passed(wanted: Demand, supply: Supply, *passes: Pass) -> Plan:
    net = network(place("soho"), place("reno", RENO))
    rules = RuleSet(passes=passes or PASSES, weights=Weights(day=0))
    return solve(wanted, supply, net, rules, NOON)


@pytest.mark.parametrize(
    ("promised", "name", "chosen"),
    [
        (6, "on time", "reno"),
        (5, "on time", "reno"),
        (4, "two late", "reno"),
        (0, "split", "reno"),
        (-9, "any", "reno"),
    ],
)
def test_the_first_pass_that_has_everything_is_taken(promised: int, name: str, chosen: str) -> None:
    """Reno takes five days: handed over Wednesday, delivered on Monday at 20:00."""
    by = plan(ONE, stock(reno={"A": 1}), network(place("reno", RENO))).assignments[0].delivers_by
    wanted = replace(ONE, promised_by=by - timedelta(days=5 - promised))
    found = passed(wanted, stock(reno={"A": 1}))
    assert (found.pass_name, list(sent(found))) == (name, [chosen])


def test_a_promise_is_kept_although_it_is_dearer() -> None:
    cheap = replace(ONE, promised_by=NOON + timedelta(days=3))
    net = network(place("soho"), place("reno", RENO))
    dear = RuleSet(passes=PASSES, weights=Weights(day=0), fences=Fences(min_routing_stock=1))
    found = solve(cheap, stock(soho={"A": 1}, reno={"A": 1}), net, dear, NOON)
    assert (found.pass_name, list(sent(found))) == ("on time", ["soho"])


def test_without_a_promise_any_day_is_in_time() -> None:
    assert passed(ONE, stock(reno={"A": 1})).pass_name == "on time"


def test_a_pass_limits_splits_and_the_last_one_goes_as_far_as_it_gets() -> None:
    pair = demand(line("1", "A"), line("2", "B"))
    apart = stock(soho={"A": 1}, reno={"B": 1})
    whole_first = Pass("whole", max_splits=0), Pass("split")
    assert passed(pair, apart, *whole_first).pass_name == "split"
    short = passed(pair, stock(soho={"A": 1}), *whole_first)
    assert (short.pass_name, short.outcome) == ("split", "partial")
    stuck = passed(pair, apart, Pass("whole", max_splits=0))
    assert (stuck.pass_name, stuck.outcome) == ("whole", "backordered")


def test_what_would_come_too_late_is_said() -> None:
    wanted = replace(ONE, promised_by=NOON)
    found = passed(wanted, stock(reno={"A": 1}), Pass("on time", 0))
    assert found.candidates[0]["reason"] == "would arrive too late"


def store_order(*lines: DemandLine) -> Demand:
    return demand(*lines, method=Method.SHIP_TO_STORE, fixed_location=LocationId("soho"))


def test_goods_are_collected_at_the_store_or_sent_there_first() -> None:
    net = network(place("soho"), place("boston", BOSTON), place("reno", RENO))
    at_store = plan(store_order(line("1", "A")), stock(soho={"A": 1}, boston={"A": 1}), net)
    (own,) = at_store.assignments
    assert (own.location_id, own.to_location, own.terms["shipping"]) == ("soho", None, 0)
    (moved,) = plan(store_order(line("1", "A")), stock(boston={"A": 1}), net).assignments
    assert (moved.location_id, moved.to_location) == ("boston", "soho")
    assert moved.terms["shipping"] > 0
    assert moved.co2e_grams > 0
    shipped = plan(ONE, stock(boston={"A": 1}), net).assignments[0]
    assert moved.delivers_by == shipped.delivers_by + timedelta(days=1)  # the store's hand-over


def test_the_customers_own_address_does_not_matter_for_a_transfer() -> None:
    net = network(place("soho"), place("boston", BOSTON), place("reno", RENO))
    far = replace(
        store_order(line("1", "A")), destination=replace(ONE.destination, coordinates=RENO)
    )
    supply = stock(boston={"A": 1}, reno={"A": 1})
    assert list(sent(plan(far, supply, net))) == ["boston"]


def test_a_store_where_nobody_can_collect_is_no_goal() -> None:
    for net in (
        network(place("soho", active=False), place("boston", BOSTON)),
        network(place("soho", capabilities=frozenset()), place("boston", BOSTON)),
        network(place("boston", BOSTON)),
    ):
        assert plan(store_order(line("1", "A")), stock(boston={"A": 1}), net).assignments == ()
