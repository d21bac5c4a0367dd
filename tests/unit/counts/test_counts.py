"""Cycle counts: what differs little counts at once, the rest when somebody has looked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from dom.errors import (
    Busy,
    IdempotencyMismatch,
    IllegalTransition,
    InvalidInput,
    NotFound,
    Outdated,
)
from dom.inventory.apply_feed import Intake
from dom.inventory.counts.count import OLDEST, Told, deciding, take
from dom.inventory.counts.ports import CountDesk
from dom.model.commit import Commit
from dom.model.count import CountStatus, StockCount, Tolerance
from dom.model.ids import LocationId, Sku
from dom.model.stock import Cause, StockChange
from support.builders import NOW
from support.fakes import FakeLedger

S = CountStatus
RENO = LocationId("RENO")


@dataclass
class World:
    """A ledger, one location, and its counts."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    counts: dict[tuple[str, str], StockCount] = field(default_factory=dict)
    now: datetime = NOW

    def existing(self, location_ids: Any) -> set[str]:
        return set(location_ids) & {"RENO"}

    def receive(self, count: StockCount) -> StockCount:
        return self.counts.setdefault((count.location_id, count.id), count)

    def load(self, location_id: LocationId, count_id: str) -> StockCount:
        if (location_id, count_id) not in self.counts:
            raise NotFound("count", count_id)
        return self.counts[location_id, count_id]

    def save(self, count: StockCount) -> StockCount:
        stored = self.load(count.location_id, count.id)
        if stored.version != count.version:
            raise Outdated("count", count.id, count.version, stored.version)
        made = replace(count, version=count.version + 1)
        self.counts[count.location_id, count.id] = made
        return made

    @property
    def desk(self) -> CountDesk:
        intake = Intake(self.ledger, self, self.ledger, lambda: self.now)
        return CountDesk(self, intake, Tolerance())

    def stock(self, **units: int) -> None:
        """Receipts an hour ago."""
        for sku, n in units.items():
            change = StockChange(Sku(sku), RENO, Cause.RECEIPT, on_hand=n, creates=True)
            at = self.now - timedelta(hours=1)
            self.ledger.commit(Commit(f"begin-{sku}", at, "t", stock=(change,)))

    def leaves(self, sku: str, units: int, minutes: int) -> None:
        """Units leave so many minutes from now (negative: ago)."""
        change = StockChange(Sku(sku), RENO, Cause.SHIPMENT, on_hand=-units)
        at = self.now + timedelta(minutes=minutes)
        self.ledger.commit(Commit(f"l{len(self.ledger.commits)}", at, "t", stock=(change,)))

    def count(self, minutes: int = -10, reference: str = "C1", **units: int) -> StockCount:
        """Counted so many minutes ago."""
        at = self.now + timedelta(minutes=minutes)
        said = tuple((Sku(sku), n) for sku, n in units.items())
        return take(Told(RENO, reference, at, said, "anna"), self.desk)

    def decide(self, action: str, count: StockCount) -> StockCount:
        return deciding(action)(RENO, count.id, "boss", self.desk)

    def units(self) -> dict[str, int]:
        return {one.sku: one.on_hand for one in self.ledger.positions.values()}


def test_small_differences_count_at_once_and_great_ones_wait() -> None:
    # GIVEN
    world = World()
    world.stock(MUG=10, CUP=100, POT=40, PAN=7)
    # WHEN
    found = world.count(MUG=8, CUP=95, POT=10, PAN=7)
    # THEN
    assert found.status is S.REVIEW
    assert world.units() == {"MUG": 8, "CUP": 95, "POT": 40, "PAN": 7}
    (doubted,) = found.part(doubted=True)
    assert (doubted.sku, doubted.expected, doubted.counted) == ("POT", 40, 10)
    assert [one.cause for one in world.ledger.books["MUG@RENO"]][1:] == [Cause.CYCLE_COUNT]
    assert len(world.ledger.books["PAN@RENO"]) == 1


@pytest.mark.parametrize(
    ("expected", "counted", "allowed"),
    [(0, 2, True), (0, 3, False), (10, 8, True), (10, 7, False), (100, 95, True), (100, 94, False)],
)
def test_the_tolerance_is_in_units_or_in_percent(
    expected: int, counted: int, allowed: bool
) -> None:
    assert Tolerance().allows(expected, counted) is allowed


def test_what_was_doubted_counts_as_of_its_moment_once_approved() -> None:
    # GIVEN a doubted count, and units that left before and after it
    world = World()
    world.stock(POT=40)
    world.leaves("POT", 5, minutes=-5)  # after the count, ten minutes ago
    count = world.count(POT=10)
    assert count.lines[0].expected == 40
    world.leaves("POT", 3, minutes=0)
    # WHEN
    done = world.decide("approve", count)
    # THEN 10 lay there, and 8 have left since
    assert (done.status, done.decided_by, world.units()) == (S.APPLIED, "boss", {"POT": 2})
    assert world.decide("approve", count) == done
    with pytest.raises(IllegalTransition):
        world.decide("dismiss", count)


def test_a_newer_count_makes_an_older_one_pointless() -> None:
    world = World()
    world.stock(POT=40)
    older = world.count(POT=10)
    world.count(-5, "C2", POT=39)
    assert world.decide("approve", older).status is S.APPLIED
    assert world.units() == {"POT": 39}


def test_a_dismissed_line_never_counts() -> None:
    world = World()
    world.stock(POT=40)
    count = world.count(POT=10)
    done = world.decide("dismiss", count)
    assert (done.status, world.decide("dismiss", count)) == (S.DISMISSED, done)
    assert world.units() == {"POT": 40}
    with pytest.raises(IllegalTransition):
        world.decide("approve", count)


def test_a_count_that_needs_no_look_is_neither_approved_nor_dismissed() -> None:
    world = World()
    world.stock(MUG=10)
    count = world.count(MUG=9)
    assert count.status is S.APPLIED
    for action in ("approve", "dismiss"):
        with pytest.raises(IllegalTransition):
            world.decide(action, count)
    with pytest.raises(NotFound):
        world.decide("burn", count)


def test_a_count_counts_once_and_cannot_say_two_things() -> None:
    world = World()
    world.stock(MUG=10)
    first = world.count(MUG=9)
    world.leaves("MUG", 4, minutes=0)
    assert world.count(MUG=9) == first
    assert world.units() == {"MUG": 5}
    with pytest.raises(IdempotencyMismatch):
        world.count(MUG=8)


def test_the_same_moment_of_another_time_zone_is_the_same_count() -> None:
    world = World()
    world.stock(MUG=10)
    first = world.count(MUG=9)
    there = first.counted_at.astimezone(timezone(timedelta(hours=9)))
    again = take(Told(RENO, "C1", there, ((Sku("MUG"), 9),), "anna"), world.desk)
    assert again == first
    assert first.id.startswith(f"{first.counted_at:%Y%m%dT%H%M%S}-")


def test_what_nobody_knew_of_waits_unless_it_is_a_handful() -> None:
    world = World()
    found = world.count(NEW=1, MORE=30)
    assert [(one.sku, one.expected, one.doubted) for one in found.lines] == [
        ("NEW", 0, False),
        ("MORE", 0, True),
    ]
    assert world.units() == {"NEW": 1}


@pytest.mark.parametrize("minutes", [10, -OLDEST // timedelta(minutes=1) - 1])
def test_a_count_of_another_age_is_refused(minutes: int) -> None:
    world = World()
    with pytest.raises(InvalidInput) as refused:
        world.count(minutes, MUG=1)
    assert refused.value.field == "counted_at"


def test_a_count_of_an_unknown_location_is_refused() -> None:
    told = Told(LocationId("MARS"), "C", NOW, ((Sku("MUG"), 1),), "anna")
    with pytest.raises(InvalidInput):
        take(told, World().desk)


@pytest.mark.parametrize("lost", range(2))
def test_a_count_that_broke_off_goes_on_when_it_is_said_again(lost: int) -> None:
    # GIVEN forty lines to apply and one to doubt; the store refuses after so many commits
    world = World()
    world.stock(**{f"S{n:02}": 10 for n in range(40)}, POT=40)
    left = [len(world.ledger.commits) + lost]
    units = {**{f"S{n:02}": 9 for n in range(40)}, "POT": 1}

    def before(commit: Commit) -> None:
        if left and len(world.ledger.commits) == left[0]:
            left.clear()
            raise Busy("throttled")

    world.ledger.before = before
    with pytest.raises(Busy):
        world.count(**units)
    count = world.count(**units)
    # THEN
    assert count.status is S.REVIEW
    assert world.units() == {**units, "POT": 40}
    assert all(len(book) <= 2 for book in world.ledger.books.values())
