"""A feed brings positions in line with what its source says, by the rules of the architecture."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from dom.errors import Busy, CommitRefused, Conflict, InvalidInput
from dom.inventory.apply_feed import ATTEMPTS, Intake, apply_feed
from dom.inventory.set_position import Count, Shelves, set_position
from dom.model.commit import Commit
from dom.model.feed import Feed, FeedMode, FeedResult, FeedRow, QuantityIs, RowError
from dom.model.ids import LocationId, Sku
from dom.model.stock import Cause, Position, StockChange
from support.builders import NOW
from support.fakes import FakeLedger

MUG, RENO = Sku("MUG"), LocationId("RENO")


@dataclass
class World:
    """A ledger, a clock that tests set, and locations that exist."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    now: datetime = NOW
    known: frozenset[str] = frozenset({"RENO", "BOSTON"})

    def existing(self, location_ids: Any) -> set[str]:
        return set(location_ids) & self.known

    def find(self, location_id: str) -> object | None:
        return location_id if location_id in self.known else None

    def feed(self, feed: Feed, *rejected: RowError) -> FeedResult:
        ports = Intake(self.ledger, self, self.ledger, lambda: self.now)
        return apply_feed(feed, "wms", ports, rejected)

    def snapshot(self, units: int, minute: int, **rest: Any) -> FeedResult:
        return self.feed(feed((units,), minute, **rest))

    def sold(self, units: int, minute: int) -> FeedResult:
        return self.feed(feed((-units,), minute, FeedMode.DELTA))

    def moves(self, minute: int, **deltas: Any) -> None:
        """Orders move the position at that minute."""
        change = StockChange(MUG, RENO, Cause.ALLOCATION, **deltas)
        commit = Commit(f"m{len(self.ledger.commits)}", at(minute), "routing", stock=(change,))
        self.ledger.commit(commit)

    @property
    def mug(self) -> Position:
        return self.ledger.positions["MUG@RENO"]

    def assert_sums_up(self) -> None:
        for key, position in self.ledger.positions.items():
            assert position.on_hand == sum(one.on_hand for one in self.ledger.books[key])


def at(minute: int) -> datetime:
    return NOW + timedelta(minutes=minute)


def feed(
    units: tuple[int, ...], minute: int, mode: FeedMode = FeedMode.SNAPSHOT, **rest: Any
) -> Feed:
    """A row for each figure, at Reno: of mugs if there is only one, else of SKUs S0, S1…"""
    skus = ["MUG"] if len(units) == 1 else [f"S{n}" for n in range(len(units))]
    rows = tuple(FeedRow(n, Sku(skus[n]), RENO, quantity) for n, quantity in enumerate(units))
    facts: dict[str, Any] = {"quantity_is": QuantityIs.ON_HAND, "rows": rows, **rest}
    return Feed("wms", mode, as_of=at(minute), **facts)


def rows(*triples: tuple[str, str, int]) -> tuple[FeedRow, ...]:
    return tuple(
        FeedRow(n, Sku(sku), LocationId(place), quantity)
        for n, (sku, place, quantity) in enumerate(triples)
    )


def test_a_snapshot_makes_positions_and_says_which_rows_it_wrote() -> None:
    world = World()
    assert world.feed(feed((5, 0, 7), 0)) == FeedResult(3, 0, ())
    assert [one.on_hand for one in world.ledger.positions.values()] == [5, 0, 7]
    assert len(world.ledger.commits) == 1


def test_rows_that_change_nothing_cost_no_write() -> None:
    world = World()
    world.feed(feed((5, 6), -10))
    assert world.feed(feed((5, 9), -5)) == FeedResult(1, 1, ())
    assert len(world.ledger.commits[1].stock) == 1


@pytest.mark.parametrize("mode", FeedMode)
def test_the_same_batch_twice_changes_nothing(mode: FeedMode) -> None:
    world = World()
    batch = feed((5, 6, 7), -10, mode)
    world.feed(batch)
    world.now = at(60 * 24 * 40)  # also when it comes again in another month
    assert world.feed(batch) == FeedResult(0, 3, ())
    assert len(world.ledger.commits) == 1


def test_what_moved_after_the_snapshot_was_taken_still_counts() -> None:
    # GIVEN 10 mugs, of which 3 left at minute -5 and 2 at minute -2
    world = World()
    world.snapshot(10, -30)
    world.moves(-5, on_hand=-3)
    world.moves(-2, on_hand=-2)
    # WHEN the source says 8 as of minute -4, THEN only what left since is taken off
    world.snapshot(8, -4)
    assert world.mug.on_hand == 6
    world.assert_sums_up()


def test_a_snapshot_older_than_the_last_one_is_ignored() -> None:
    world = World()
    world.snapshot(10, -5)
    assert world.snapshot(99, -6) == FeedResult(0, 1, ())
    assert world.snapshot(99, -5) == FeedResult(0, 1, ())
    assert world.mug.on_hand == 10


def test_a_snapshot_older_than_a_count_is_ignored_too() -> None:
    world = World()
    shelves = Shelves(world.ledger, world, world.ledger, lambda: at(-5))
    set_position(Count(MUG, RENO, 10), "store", shelves)
    assert world.snapshot(99, -6).unchanged == 1
    assert world.mug.on_hand == 10


def test_a_late_movement_is_recorded_with_0_units_and_names_the_snapshot() -> None:
    # GIVEN a snapshot that already saw a sale which is told only afterwards
    world = World()
    world.snapshot(9, -5)
    # WHEN / THEN
    assert world.sold(1, -7).accepted == 1
    assert world.mug.on_hand == 9
    late = world.ledger.books["MUG@RENO"][-1]
    assert (late.on_hand, late.occurred_at) == (0, at(-7))
    (reference,) = late.references
    assert reference["quantity"] == -1
    assert reference["snapshot_at"] == "2026-03-04T14:55:00.000000Z"


def test_a_movement_after_the_snapshot_counts() -> None:
    world = World()
    world.snapshot(9, -5)
    world.sold(1, -4)
    assert world.mug.on_hand == 8


def test_a_snapshot_leaves_what_is_reserved_and_may_make_available_negative() -> None:
    world = World()
    world.snapshot(10, -30)
    world.moves(-20, reserved=4)
    world.snapshot(1, -5)
    assert (world.mug.on_hand, world.mug.reserved, world.mug.available) == (1, 4, -3)


def test_an_available_figure_gets_back_what_was_reserved_at_its_time_only() -> None:
    # GIVEN 10 on hand; 2 reserved at minute -20, which the source knew; 3 more since
    world = World()
    world.snapshot(10, -30)
    world.moves(-20, reserved=2)
    world.moves(-2, reserved=3)
    # WHEN the source says that 7 were available at minute -5
    world.snapshot(7, -5, quantity_is=QuantityIs.AVAILABLE)
    # THEN 9 lie there, of which 5 are reserved
    assert (world.mug.on_hand, world.mug.reserved, world.mug.available) == (9, 5, 4)


def test_an_available_figure_is_right_also_when_reserved_units_shipped_since() -> None:
    world = World()
    world.snapshot(10, -30)
    world.moves(-20, reserved=2)
    world.moves(-2, reserved=-2, on_hand=-2)
    assert world.snapshot(8, -5, quantity_is=QuantityIs.AVAILABLE).unchanged == 1
    assert (world.mug.on_hand, world.mug.available) == (8, 8)


def test_a_sku_that_is_not_named_is_unknown_not_0() -> None:
    world = World()
    world.feed(feed((5, 6), -10))
    world.feed(feed((), -5, rows=rows(("S0", "RENO", 4))))
    assert world.ledger.positions["S1@RENO"].on_hand == 6


def test_what_a_complete_snapshot_does_not_name_is_not_there() -> None:
    # GIVEN two SKUs at Reno, one of them also in Boston
    world = World()
    both = rows(("S0", "RENO", 5), ("S1", "RENO", 6), ("S1", "BOSTON", 7))
    world.feed(feed((), -10, rows=both))
    # WHEN a complete snapshot of Reno names one of them
    complete = feed((), -5, rows=rows(("S0", "RENO", 5)), complete=True)
    assert world.feed(complete) == FeedResult(0, 1, (), emptied=1)
    # THEN Boston, which it does not name, is left alone
    assert {key: one.on_hand for key, one in world.ledger.positions.items()} == {
        "S0@RENO": 5,
        "S1@RENO": 0,
        "S1@BOSTON": 7,
    }
    assert world.feed(complete) == FeedResult(0, 1, (), emptied=0)


def test_a_complete_snapshot_with_a_bad_row_empties_nothing() -> None:
    world = World()
    world.feed(feed((5, 6), -10))
    bad = RowError(1, "quantity", "is no number")
    result = world.feed(feed((), -5, rows=rows(("S0", "RENO", 4)), complete=True), bad)
    assert result == FeedResult(1, 0, (bad,))
    assert world.ledger.positions["S1@RENO"].on_hand == 6


def test_rows_of_unknown_locations_are_named_and_the_others_written() -> None:
    world = World()
    result = world.feed(feed((), 0, rows=rows(("A", "MOON", 1), ("A", "RENO", 2))))
    assert result == FeedResult(1, 0, (RowError(0, "location_id", "location MOON does not exist"),))


def test_changes_of_one_position_in_one_batch_add_up() -> None:
    world = World()
    world.snapshot(10, -9)
    sales = rows(("MUG", "RENO", -1), ("MUG", "RENO", -2))
    assert world.feed(feed((), -5, FeedMode.DELTA, rows=sales)).accepted == 2
    assert world.mug.on_hand == 7


def test_two_figures_of_one_position_in_one_snapshot_contradict_each_other() -> None:
    world = World()
    said = rows(("MUG", "RENO", 4), ("MUG", "RENO", 4), ("MUG", "RENO", 5))
    result = world.feed(feed((), -5, rows=said))
    assert result.accepted == 2
    assert result.rejected == (RowError(2, "quantity", "row 0 says 4 of the same position"),)
    assert world.mug.on_hand == 4


def test_a_sale_of_what_was_never_counted_is_a_fact_all_the_same() -> None:
    world = World()
    world.sold(2, -1)
    assert world.mug.on_hand == -2


def test_a_feed_from_the_future_is_refused() -> None:
    with pytest.raises(InvalidInput, match="future"):
        World().snapshot(1, 6)


def test_five_thousand_rows_are_written_in_groups_that_a_transaction_holds() -> None:
    world = World()
    batch = feed(tuple(range(5000)), -5)
    assert world.feed(batch).accepted == 5000
    assert max(commit.writes for commit in world.ledger.commits) <= 100
    assert len(world.ledger.commits) == 152
    assert world.feed(replace(batch, as_of=at(-4))).unchanged == 5000
    assert len(world.ledger.commits) == 152


def test_an_order_that_moves_the_position_in_between_is_not_undone() -> None:
    world = World()
    world.snapshot(10, -30)
    todo = [1]

    def ship(commit: Commit) -> None:
        if todo:
            todo.pop()
            world.moves(-1, on_hand=-2)

    world.ledger.before = ship
    world.snapshot(9, -5)
    assert world.mug.on_hand == 7
    world.assert_sums_up()


def test_a_position_that_never_holds_still_is_busy_not_wrong() -> None:
    world, seen = World(), list[Commit]()

    def refuse(commit: Commit) -> None:
        seen.append(commit)
        raise CommitRefused((Conflict("position", "MUG@RENO", None),))

    world.ledger.before = refuse
    with pytest.raises(Busy):
        world.snapshot(1, -5)
    assert len(seen) == ATTEMPTS
