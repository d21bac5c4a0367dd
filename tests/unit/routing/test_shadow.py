"""A rule set tried beside the active one: recorded, compared, and without any effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from dom.model.order import Bucket
from dom.model.rules import Fences, RuleSet
from dom.model.shadow import Figures, ShadowDecision
from dom.routing.ports import Routing, Shadow
from dom.routing.route import Outcome, route, route_all
from dom.routing.shadow import MOST_LINES, MOST_ORDERS
from support.builders import BOSTON, NOW, RENO, line, location, order
from support.fakes import FakeLedger, FakePlaces, frozen


@dataclass
class Notes:
    """What was recorded; `broken`: it refuses."""

    made: list[ShadowDecision] = field(default_factory=list)
    broken: bool = False

    def record(self, decisions: Sequence[ShadowDecision]) -> None:
        if self.broken:
            raise RuntimeError("no room")
        self.made += decisions


@dataclass
class Desk:
    """Two places with stock, and a shadow."""

    rules: RuleSet
    notes: Notes = field(default_factory=Notes)
    ledger: FakeLedger = field(default_factory=FakeLedger)

    def __post_init__(self) -> None:
        places = (location("RENO", RENO), location("BOSTON", BOSTON))
        self.ledger.open(*places)
        self.stock("MUG", RENO=100, BOSTON=100)
        self.ports = Routing(
            self.ledger,
            self.ledger,
            FakePlaces(self.ledger, places),
            self.ledger,
            frozen(NOW),
            RuleSet(),
            shadow=Shadow(self.rules, self.notes),
        )

    def stock(self, sku: str, **units: int) -> None:
        for place, on_hand in units.items():
            self.ledger.stock(sku, place, on_hand)

    def route(self, *ids: str, lines: int = 1) -> Outcome:
        for name in ids:
            bought = (line(str(n + 1)) for n in range(lines))
            self.ledger.orders[name] = order(name, *bought)
        return route(list(ids), self.ports)


def test_the_same_rules_decide_the_same_against_the_same_stock() -> None:
    desk = Desk(RuleSet(version="same-1"))
    desk.stock("MUG", RENO=1, BOSTON=0)  # what the order takes is there for its shadow
    outcome = desk.route("ord_a")
    (found,) = desk.notes.made
    assert found.same
    assert found.active == found.shadow
    assert (found.rule_version, found.active_version) == ("same-1", "default-1")
    assert found.decision_id in desk.ledger.decisions
    assert found.locations == ("RENO",)
    assert outcome.counts["ShadowDecisions"] == outcome.counts["ShadowSame"] == 1
    assert outcome.counts["ShadowExtraCost"] == outcome.counts["ShadowExtraParcels"] == 0


def test_another_decision_is_recorded_in_numbers_and_changes_nothing() -> None:
    desk = Desk(RuleSet(version="short-1", fences=Fences(min_routing_stock=1_000)))
    outcome = desk.route("ord_a")
    (found,) = desk.notes.made
    assert (found.same, found.locations) == (False, ())
    assert found.shadow == Figures(left=1)
    (work,) = desk.ledger.works.values()
    assert found.active == Figures(
        1,
        work.cost.amount,
        round(((work.delivers_by or NOW) - NOW) / timedelta(hours=1)),
        work.co2e_grams,
    )
    assert outcome.counts["ShadowExtraParcels"] == -1
    assert desk.ledger.orders["ord_a"].line("1").units(Bucket.ALLOCATED) == 1
    assert desk.ledger.positions["MUG@RENO"].reserved == 1


def test_shadows_of_one_batch_share_the_stock_among_themselves() -> None:
    desk = Desk(RuleSet(version="same-1"))
    desk.stock("MUG", RENO=1, BOSTON=1)
    desk.route("ord_a", "ord_b")
    assert sorted(found.locations for found in desk.notes.made) == [("BOSTON",), ("RENO",)]
    assert all(found.same for found in desk.notes.made)


@pytest.mark.parametrize("together", [route, route_all])
def test_a_shadow_that_fails_is_told_and_the_orders_are_routed(together: object) -> None:
    desk = Desk(RuleSet())
    desk.notes.broken = True
    outcome = desk.route("ord_a")
    assert outcome.failed == []
    assert outcome.counts["ShadowFailures"] == 1
    assert [str(error) for error in outcome.errors] == ["no room"]
    assert desk.ledger.orders["ord_a"].line("1").units(Bucket.ALLOCATED) == 1


def test_what_a_shadow_may_cost_is_bounded() -> None:
    desk = Desk(RuleSet())
    outcome = desk.route(*(f"ord_{n:02}" for n in range(MOST_ORDERS + 3)))
    assert len(desk.notes.made) == MOST_ORDERS
    assert outcome.counts["ShadowSkipped"] == 3
    long = Desk(RuleSet())
    outcome = long.route("ord_a", lines=MOST_LINES + 1)
    assert (long.notes.made, outcome.counts["ShadowSkipped"]) == ([], 1)


def test_an_order_that_is_not_committed_has_no_shadow() -> None:
    desk = Desk(RuleSet())

    def refuse(commit: object) -> None:
        raise RuntimeError("the table is gone")

    desk.ledger.before = refuse
    outcome = route_all(["ord_a"], desk.ports)
    assert desk.notes.made == []
    assert outcome.counts["ShadowDecisions"] == 0
