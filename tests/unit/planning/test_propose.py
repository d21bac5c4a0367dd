"""Proposals: lanes that pay, approved once, as far as their stock is still there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest
from dom.errors import Busy, IllegalTransition, NotFound
from dom.model.expectation import Expectation, Expected
from dom.model.ids import LocationId, Sku
from dom.model.incoming import Incoming
from dom.model.location import LocationType
from dom.model.product import Product
from dom.model.rebalancing import (
    MOST_LINES,
    Move,
    Proposal,
    ProposalStatus,
    RebalancingTerms,
)
from dom.model.scope import Where
from dom.planning.balance import Balance
from dom.planning.propose import Desk, decide, proposals
from support.builders import BOSTON, NOW, RENO, location
from support.fakes import FakeLedger

S = ProposalStatus
MUG, HAT = Sku("MUG"), Sku("HAT")
WEST, EAST = LocationId("WEST"), LocationId("EAST")
TODAY = NOW.date()
TERMS = RebalancingTerms("default", 28, 1000, 0, 500, 50, 100)


def move(sku: str, units: int = 2, gain: int = 400, to: LocationId = EAST) -> Move:
    return Move(Sku(sku), WEST, to, units, gain)


def test_lines_of_a_lane_share_its_shipment_and_a_lane_that_does_not_pay_is_dropped() -> None:
    other = LocationId("SOUTH")
    found = list(proposals([move("A"), move("B", gain=300), move("C", to=other)], TERMS, TODAY))
    assert [(one.to, one.gain, [x.sku for x in one.lines]) for one in found] == [
        (EAST, 200, ["A", "B"])
    ]
    assert (
        list(proposals([move("C")], replace(TERMS, cost_shipment=400, least_gain=0), TODAY)) == []
    )


def test_the_same_night_makes_the_same_proposals_and_a_long_lane_is_cut() -> None:
    lines = [move(f"S{n:04}", gain=10 + n % 3) for n in range(MOST_LINES + 7)]
    found = list(proposals(lines, replace(TERMS, cost_shipment=5, least_gain=1), TODAY))
    assert [len(one.lines) for one in found] == [MOST_LINES, 7]
    assert found[0].lines[0].gain == 12
    again = list(proposals(reversed(lines), replace(TERMS, cost_shipment=5, least_gain=1), TODAY))
    assert again == found and len({one.id for one in found}) == 2
    later = next(proposals(lines, replace(TERMS, cost_shipment=5), TODAY + timedelta(days=1)))
    assert later.id > found[0].id


@dataclass
class World:
    """A proposal of two lines, and their stock."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    now: datetime = NOW
    asked: list[Proposal] = field(default_factory=list)
    before: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        for sku in ("MUG", "HAT"):
            self.ledger.stock(sku, "WEST", 5)
        (made,) = proposals([move("MUG"), move("HAT", 3)], TERMS, TODAY)
        self.stored = replace(made, version=1)

    @property
    def desk(self) -> Desk:
        return Desk(self, self, self.ledger, lambda: self.now)

    def load(self, name: str) -> Proposal | None:
        return self.stored if name == self.stored.id else None

    def save(self, proposal: Proposal) -> bool:
        self.before()
        if proposal.version != self.stored.version:
            return False
        self.stored = replace(proposal, version=proposal.version + 1)
        return True

    def place(self, proposal: Proposal) -> None:
        self.asked.append(proposal)

    def decide(self, status: ProposalStatus, by: str = "ada") -> Proposal:
        return decide(self.stored.id, status, by, self.desk)


def test_what_is_approved_is_asked_for_again_the_same() -> None:
    world = World()
    first = world.decide(S.APPROVED)
    assert (first.status, first.decided_by) == (S.APPROVED, "ada")
    world.ledger.stock("MUG", "WEST", 0)
    assert world.decide(S.APPROVED, "bob") == world.stored
    assert [one.lines for one in world.asked] == [first.lines] * 2
    assert {one.transfer_id for one in world.asked} == {first.transfer_id}


def test_approval_that_broke_off_before_the_transfer_is_carried_on_by_a_repeat() -> None:
    world = World()
    desk = world.desk

    class Dead:
        def place(self, proposal: Proposal) -> None:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        decide(world.stored.id, S.APPROVED, "ada", replace(desk, transfers=Dead()))
    assert world.asked == []
    assert world.decide(S.APPROVED).status is S.APPROVED and len(world.asked) == 1


def test_lines_whose_stock_has_gone_are_left_out() -> None:
    world = World()
    world.ledger.stock("HAT", "WEST", 2)
    assert [one.sku for one in world.decide(S.APPROVED).lines] == [MUG]
    assert [one.sku for one in world.asked[0].lines] == [MUG]


def test_where_all_has_gone_nothing_is_asked_for() -> None:
    world = World()
    for sku in ("MUG", "HAT"):
        world.ledger.stock(sku, "WEST", 1)
    found = world.decide(S.APPROVED)
    assert (found.status, len(found.lines), world.asked) == (S.STALE, 2, [])
    with pytest.raises(IllegalTransition):
        world.decide(S.APPROVED)


def test_what_is_dismissed_is_not_approved_any_more_nor_the_other_way_round() -> None:
    world = World()
    assert world.decide(S.DISMISSED).status is S.DISMISSED
    assert world.decide(S.DISMISSED, "bob").decided_by == "ada"
    with pytest.raises(IllegalTransition):
        world.decide(S.APPROVED)
    world = World()
    world.decide(S.APPROVED)
    with pytest.raises(IllegalTransition):
        world.decide(S.DISMISSED)


def test_an_old_proposal_is_not_approved_but_may_be_dismissed() -> None:
    world = World(now=NOW + timedelta(days=4))
    with pytest.raises(IllegalTransition) as refused:
        world.decide(S.APPROVED)
    assert "outdated" in str(refused.value) and world.asked == []
    assert world.decide(S.DISMISSED).status is S.DISMISSED
    assert World(now=NOW + timedelta(days=3)).decide(S.APPROVED).status is S.APPROVED


def test_of_two_who_decide_at_once_one_does() -> None:
    world = World()

    def other() -> None:
        world.before = lambda: None
        world.decide(S.DISMISSED, "bob")

    world.before = other
    with pytest.raises(IllegalTransition):
        world.decide(S.APPROVED)
    assert (world.stored.decided_by, world.asked) == ("bob", [])


def test_one_that_never_stands_still_is_busy_and_an_unknown_one_is_not_found() -> None:
    world = World()

    def other() -> None:
        world.stored = replace(world.stored, version=world.stored.version + 1)

    world.before = other
    with pytest.raises(Busy):
        world.decide(S.APPROVED)
    with pytest.raises(NotFound):
        decide("2026-01-01-nothing", S.APPROVED, "ada", world.desk)


PLACES = {
    WEST: location("WEST", RENO),
    EAST: location("EAST", BOSTON, type=LocationType.STORE),
    LocationId("SHUT"): location("SHUT", BOSTON, active=False),
}
KNOWN = Expectation(
    MUG,
    date(2026, 3, 4),
    "smooth",
    "ses 0.1",
    Expected(1.0, 1.0, 90),
    {},
    {EAST: Expected(1.0, 1.0, 90), LocationId("SHUT"): Expected(1.0, 1.0, 90)},
)
UNITS = {"WEST": 90, "EAST": 0, "SHUT": 0, "GONE": 50}


def balanced(*coming: Incoming, cost: int = 0, **terms: object) -> dict[tuple[str, str], int]:
    changed = replace(TERMS, **terms)  # type: ignore[arg-type]
    product = Product(MUG, cost=cost)
    found, _ = Balance(changed, PLACES).of(KNOWN, UNITS, coming, product)
    return {(one.origin, one.to): one.units for one in found}


def test_stock_goes_to_whose_customers_ask_and_take_work() -> None:
    assert set(balanced()) == {(WEST, EAST)}


def test_terms_say_who_gives_who_takes_what_stays_and_what_a_customer_is_worth() -> None:
    stores = Where(types=frozenset({LocationType.STORE}))
    assert balanced(gives=stores) == {}
    assert set(balanced(takes=stores)) == {(WEST, EAST)}
    assert balanced(takes=Where(frozenset({WEST}))) == {}
    assert balanced(except_skus=frozenset({MUG})) == {}
    assert balanced(worth=0) == {}
    dear = balanced(worth=0, worth_percent=50, cost=2000)
    assert dear == balanced(worth=1000)


def test_what_comes_in_time_counts_and_what_is_late_does_not() -> None:
    alone = balanced()[WEST, EAST]
    soon, late = KNOWN.until + timedelta(days=2), KNOWN.until - timedelta(days=1)
    far = KNOWN.until + timedelta(days=40)
    assert balanced(Incoming(EAST, 10, soon))[WEST, EAST] == alone - 10
    for day in (late, far, None):
        assert balanced(Incoming(EAST, 10, day))[WEST, EAST] == alone


def test_slow_stock_is_of_all_locations_that_are_known() -> None:
    _, found = Balance(TERMS, PLACES).of(KNOWN, {**UNITS, "WEST": 200}, (), Product(MUG, cost=7))
    assert found is not None and (found.units, found.value) == (80, 560)
    assert Balance(TERMS, PLACES).of(KNOWN, UNITS, (), Product(MUG))[1] is None
