"""Rules and overlays: for whom, where and when they hold, and what they change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dom.model.geo import Coordinates
from dom.model.ids import LocationId
from dom.model.location import LocationType
from dom.model.order import Method
from dom.model.overlay import AT_LOCATION, Change, Overlay, Rule
from dom.model.rules import RuleSet, Weights
from dom.model.scope import When, Where
from dom.sourcing.plan import Plan
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.problem import Demand
from dom.sourcing.scene import Scene
from dom.sourcing.solve import solve
from support.sourcing_cases import NOON, demand, line, network, place, stock

RENO = Coordinates(39.53, -119.81)
NET = network(
    place("soho", groups=frozenset({"city"})),
    place("reno", RENO, type=LocationType.DC, timezone="America/Los_Angeles"),
)
BOTH = {"soho": {"A": 9}, "reno": {"A": 9}}
WANTED = demand(line("1", "A"), channel="app", tier="gold", value_minor=5_000)
OUT = Change(exclude=True)
SOHO = Where(locations=frozenset({LocationId("soho")}))


def ruled(*rules: Rule) -> RuleSet:
    return RuleSet(rules=rules)


def overlaid(*overlays: Overlay) -> RuleSet:
    return RuleSet(overlays=overlays)


def plan(rules: RuleSet, wanted: Demand = WANTED, now: datetime = NOON) -> Plan:
    return solve(wanted, stock(**BOTH), NET, rules, now)


def source(rules: RuleSet, wanted: Demand = WANTED, now: datetime = NOON) -> str:
    (one,) = plan(rules, wanted, now).assignments
    return one.location_id


def overlay(starts: str, ends: str, zone: str = "UTC", **rest: Any) -> Overlay:
    """Keeps Soho out."""
    rule = Rule("closed for the parade", OUT, where=SOHO)
    return Overlay(rule, wall(starts), wall(ends), zone, **rest)


def wall(clock: str) -> datetime:
    """What a clock on the wall shows."""
    return datetime.fromisoformat(clock)


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        (When(), True),
        (When(channels=frozenset({"app", "shop"})), True),
        (When(channels=frozenset({"shop"})), False),
        (When(methods=frozenset({Method.SHIP})), True),
        (When(countries=frozenset({"US"}), tiers=frozenset({"gold"})), True),
        (When(countries=frozenset({"US"}), tiers=frozenset({"silver"})), False),
        (When(categories=frozenset({"toys"})), False),
        (When(least_value=5_000), True),
        (When(below_value=5_000), False),
    ],
)
def test_a_rule_holds_for_the_demands_that_it_names(when: When, holds: bool) -> None:
    assert source(ruled(Rule("no soho", OUT, when, SOHO))) == ("reno" if holds else "soho")


@pytest.mark.parametrize(
    "where",
    [
        SOHO,
        Where(groups=frozenset({"city", "outlet"})),
        Where(types=frozenset({LocationType.STORE}), countries=frozenset({"US"})),
    ],
)
def test_a_rule_is_for_the_locations_that_it_names(where: Where) -> None:
    found = plan(ruled(Rule("not there", OUT, where=where)))
    assert [a.location_id for a in found.assignments] == ["reno"]
    assert {"soho", "kept out by the rules"} <= set(found.candidates[-1].values())


def test_weights_and_fences_are_replaced_by_name_and_the_later_rule_wins() -> None:
    first = Rule("calm", Change(weights={"day": 0, "parcel": 7}, fences={"max_splits": 0}))
    later = Rule("hurry", Change(weights={"day": 900}))
    scene = Scene(WANTED, stock(), PriceBook(NET, ruled(first, later), NOON))
    assert (scene.rules.weights.day, scene.rules.weights.parcel) == (900, 7)
    assert scene.rules.fences.max_splits == 0


def test_fences_that_come_as_plain_data_are_what_they_mean() -> None:
    change = Change(fences={"groups": ["city"], "dropship": "never", "excluded": ["reno"]})
    scene = Scene(WANTED, stock(), PriceBook(NET, ruled(Rule("plain", change)), NOON))
    assert scene.allowed == 1 << NET.index[LocationId("soho")]


def test_surcharges_add_up_and_read_as_a_price() -> None:
    once = Rule("tired", Change(parcel=150, unit=25), where=SOHO)
    twice = Rule("very tired", Change(parcel=50), where=Where(groups=frozenset({"city"})))
    plain, dear = plan(RuleSet()), plan(ruled(once, twice))
    assert dear.assignments[0].location_id == "soho"
    assert dear.assignments[0].terms["surcharge"] == 225
    assert dear.cost == plain.cost + 225
    assert source(ruled(once, replace(twice, change=Change(parcel=9_000)))) == "reno"


def test_a_credit_draws_orders_to_a_location() -> None:
    found = plan(
        ruled(
            Rule(
                "clear out",
                Change(parcel=-9_000),
                where=Where(locations=frozenset({LocationId("reno")})),
            )
        )
    )
    assert found.assignments[0].location_id == "reno"
    assert found.cost < 0
    assert (found.bound, found.gap) == (found.cost, 0.0)


def test_a_location_may_have_its_own_minimum_stock_and_radius() -> None:
    few = Rule("keep some", Change(min_routing_stock=10), where=SOHO)
    assert source(ruled(few)) == "reno"
    assert source(ruled(few, Rule("or not", Change(min_routing_stock=0), where=SOHO))) == "soho"
    near = Rule(
        "local only", Change(radius_km=500), where=Where(types=frozenset({LocationType.DC}))
    )
    found = solve(WANTED, stock(reno={"A": 9}), NET, ruled(near), NOON)
    assert (found.outcome, found.candidates[0]["reason"]) == ("backordered", "too far to ship")
    assert source(RuleSet(rules=(near,))) == "soho"


def test_an_overlay_holds_from_its_start_up_to_but_not_including_its_end() -> None:
    rules = overlaid(overlay("2026-03-04T17:00", "2026-03-04T18:00"))
    moments = ("16:59:59.999999", "17:00:00", "17:59:59.999999", "18:00:00")
    at = [datetime.fromisoformat(f"2026-03-04T{moment}+00:00") for moment in moments]
    assert [source(rules, now=now) for now in at] == ["soho", "reno", "reno", "soho"]


def test_an_overlay_may_begin_at_each_locations_own_midnight() -> None:
    everywhere = Rule("inventory day", Change(parcel=70))
    day = wall("2026-03-05"), wall("2026-03-06")
    rules = overlaid(Overlay(everywhere, *day, AT_LOCATION))
    terms = {}
    for now in ("2026-03-05T04:59:59", "2026-03-05T05:00:00", "2026-03-05T08:00:00"):
        at = datetime.fromisoformat(now + "+00:00")
        book = PriceBook(NET, rules, at)
        scene = Scene(WANTED, stock(**BOTH), book)
        terms[now[11:]] = {
            key: scene.group_of(NET.index[LocationId(key)]).local.parcel for key in BOTH
        }
    assert terms == {
        "04:59:59": {"soho": 0, "reno": 0},
        "05:00:00": {"soho": 70, "reno": 0},
        "08:00:00": {"soho": 70, "reno": 70},
    }


@pytest.mark.parametrize(
    ("starts", "ends", "first", "last"),
    [
        # The clocks go forward at 2:00 on 8 March 2026: 2:30 is the instant 2:30 EST = 7:30 UTC.
        ("2026-03-08T02:30", "2026-03-08T03:45", "2026-03-08T07:30", "2026-03-08T07:45"),
        # They go back at 2:00 on 1 November: 1:30 means the first one, 5:30 UTC.
        ("2026-11-01T01:30", "2026-11-01T02:00", "2026-11-01T05:30", "2026-11-01T07:00"),
    ],
)
def test_an_overlay_is_true_to_the_clock_on_days_on_which_that_is_changed(
    starts: str, ends: str, first: str, last: str
) -> None:
    rules = overlaid(overlay(starts, ends, "America/New_York"))
    begins, over = (datetime.fromisoformat(at).replace(tzinfo=UTC) for at in (first, last))
    second = timedelta(seconds=1)
    sources = [source(rules, now=at) for at in (begins - second, begins, over - second, over)]
    assert sources == ["soho", "reno", "reno", "soho"]


def test_the_overlay_of_higher_priority_wins_and_of_equals_the_later_name() -> None:
    def changing(name: str, day: int, priority: int) -> Overlay:
        rule = Rule(name, Change(weights={"day": day}))
        return Overlay(rule, wall("2026-01-01"), wall("2027-01-01"), priority=priority)

    def day(*overlays: Overlay) -> int:
        base = ruled(Rule("base", Change(weights={"day": 1})))
        rules = replace(base, overlays=overlays)
        return Scene(WANTED, stock(), PriceBook(NET, rules, NOON)).rules.weights.day

    assert day(changing("b", 2, 9), changing("a", 3, 1)) == 2
    assert day(changing("b", 2, 1), changing("a", 3, 1)) == 2
    assert day(changing("a", 3, 1), changing("b", 2, 1)) == 2


def test_an_overlay_in_local_time_changes_locations_only() -> None:
    rule = Rule("local", Change(weights={"day": 5}, exclude=True), where=SOHO)
    local = Overlay(rule, wall("2026-01-01"), wall("2027-01-01"), AT_LOCATION)
    scene = Scene(WANTED, stock(), PriceBook(NET, overlaid(local), NOON))
    assert scene.rules.weights.day == Weights().day
    assert not scene.allowed >> NET.index[LocationId("soho")] & 1


def test_demands_under_the_same_rules_share_their_prices() -> None:
    gold = Rule("gold", Change(weights={"day": 500}), When(tiers=frozenset({"gold"})))
    book = PriceBook(NET, ruled(gold), NOON)
    scenes = [Scene(replace(WANTED, tier=tier), stock(), book) for tier in ("gold", "", "gold")]
    assert scenes[0].groups is scenes[2].groups
    assert [scene.rules.weights.day for scene in scenes] == [500, Weights().day, 500]
