"""A count becomes a movement of the difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from dom.errors import Busy, CommitRefused, Conflict, NotFound
from dom.inventory.read_positions import read_positions
from dom.inventory.set_position import ATTEMPTS, Count, Shelves, set_position
from dom.model.commit import Commit
from dom.model.ids import LocationId, Sku
from dom.model.stock import Cause, Position
from support.builders import NOW
from support.fakes import FakeLedger, frozen

MUG, RENO = Sku("MUG"), LocationId("RENO")


@dataclass
class Network:
    """Locations that exist."""

    known: set[str] = field(default_factory=lambda: {"RENO"})

    def find(self, location_id: str) -> object | None:
        return location_id if location_id in self.known else None


def shelves(ledger: FakeLedger) -> Shelves:
    return Shelves(ledger, Network(), ledger, frozen(NOW))


def count(on_hand: int, safety_stock: int | None = None) -> Count:
    return Count(MUG, RENO, on_hand, safety_stock)


def movements(ledger: FakeLedger) -> list[tuple[int, int]]:
    return [(change.on_hand, change.safety_stock) for change in ledger.movements.values()]


def test_the_first_count_creates_the_position_with_one_movement() -> None:
    ledger = FakeLedger()
    position = set_position(count(10, 2), "wms", shelves(ledger))
    assert position == Position(MUG, RENO, 10, safety_stock=2, version=1, last_snapshot_at=NOW)
    assert position == ledger.positions["MUG@RENO"]
    assert movements(ledger) == [(10, 2)]
    assert [change.cause for change in ledger.movements.values()] == [Cause.SNAPSHOT]
    assert ledger.commits[0].actor == "wms"


def test_a_first_count_of_nothing_still_makes_the_position_known() -> None:
    ledger = FakeLedger()
    set_position(count(0), "wms", shelves(ledger))
    assert read_positions(MUG, ledger) == [Position(MUG, RENO, version=1, last_snapshot_at=NOW)]


def test_a_later_count_moves_the_difference_and_leaves_what_is_reserved() -> None:
    ledger = FakeLedger()
    ledger.stock("MUG", "RENO", 10, reserved=4, safety_stock=2)
    position = set_position(count(7), "wms", shelves(ledger))
    assert (position.on_hand, position.reserved, position.safety_stock) == (7, 4, 2)
    assert movements(ledger) == [(-3, 0)]


def test_a_count_below_what_is_reserved_makes_available_negative_but_atp_zero() -> None:
    ledger = FakeLedger()
    ledger.stock("MUG", "RENO", 10, reserved=4)
    position = set_position(count(1), "wms", shelves(ledger))
    assert (position.available, position.atp) == (-3, 0)


def test_the_same_count_again_writes_nothing() -> None:
    ledger = FakeLedger()
    first = set_position(count(10, 2), "wms", shelves(ledger))
    assert set_position(count(10), "wms", shelves(ledger)) == first
    assert set_position(count(10, 2), "wms", shelves(ledger)) == first
    assert len(ledger.commits) == 1


def test_counting_back_and_forth_counts_each_difference() -> None:
    ledger = FakeLedger()
    for on_hand in (10, 5, 10, 5):
        set_position(count(on_hand), "wms", shelves(ledger))
    assert movements(ledger) == [(10, 0), (-5, 0), (5, 0), (-5, 0)]


def once(then: Callable[[], None]) -> Callable[[Commit], None]:
    """Do it at the first commit, which then meets a position that has moved."""
    waiting = [then]

    def before(commit: Commit) -> None:
        if waiting:
            waiting.pop()()

    return before


def test_an_order_that_ships_in_between_is_not_undone() -> None:
    # GIVEN 10 on hand, and 2 of them leaving between the read and the write of a count of 8
    ledger = FakeLedger()
    ledger.stock("MUG", "RENO", 10)

    def ship() -> None:
        ledger.positions["MUG@RENO"] = Position(MUG, RENO, on_hand=8, version=2)

    ledger.before = once(ship)
    # WHEN the count is written, THEN it finds that nothing differs any more
    assert set_position(count(8), "wms", shelves(ledger)).on_hand == 8
    assert movements(ledger) == []


def test_two_first_counts_at_once_end_in_one_of_them_without_adding_up() -> None:
    ledger = FakeLedger()
    ledger.before = once(lambda: ledger.stock("MUG", "RENO", 6))
    assert set_position(count(10), "wms", shelves(ledger)).on_hand == 10
    assert ledger.positions["MUG@RENO"].on_hand == 10
    assert movements(ledger) == [(4, 0)]


def test_an_unknown_location_is_named_and_nothing_written() -> None:
    ledger = FakeLedger()
    with pytest.raises(NotFound, match="location NOWHERE does not exist"):
        set_position(Count(MUG, LocationId("NOWHERE"), 1), "wms", shelves(ledger))
    assert ledger.commits == []


def test_a_position_that_never_holds_still_is_busy_not_wrong() -> None:
    ledger, seen = FakeLedger(), list[Commit]()

    def refuse(commit: Commit) -> None:
        seen.append(commit)
        raise CommitRefused((Conflict("position", "MUG@RENO", None),))

    ledger.before = refuse
    with pytest.raises(Busy):
        set_position(count(10), "wms", shelves(ledger))
    assert len(seen) == ATTEMPTS


def test_a_sku_that_nobody_ever_counted_has_no_positions() -> None:
    assert read_positions(Sku("GHOST"), FakeLedger()) == []


def test_positions_come_by_location_with_figures_of_their_own() -> None:
    ledger = FakeLedger()
    ledger.stock("MUG", "RENO", 3, reserved=1)
    ledger.stock("MUG", "BOSTON", 5)
    ledger.stock("CUP", "RENO", 9)
    found = read_positions(MUG, ledger)
    assert [(one.location_id, one.available) for one in found] == [("BOSTON", 5), ("RENO", 2)]
