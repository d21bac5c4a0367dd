"""Positions are the sum of their movements; where they are not, it is told and put right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from dom.errors import Busy
from dom.inventory.rebuild import Held, StockDrift, audit_all, audit_position
from dom.model.ids import LocationId, Sku
from dom.model.stock import Cause, Movement, Totals, totals
from support.builders import NOW

MUG, HAT, RENO = Sku("MUG"), Sku("HAT"), LocationId("RENO")


def moved(sku: Sku, **deltas: int) -> Movement:
    return Movement("c", sku, RENO, Cause.SNAPSHOT, NOW, NOW, **deltas)  # type: ignore[arg-type]


@dataclass
class Book:
    """Ten mugs of which two are reserved; `reading` runs while movements are read."""

    positions: dict[Sku, Held] = field(default_factory=dict)
    rows: list[Movement] = field(
        default_factory=lambda: [moved(MUG, on_hand=10), moved(MUG, reserved=2), moved(HAT)]
    )
    reading: Callable[[], None] = lambda: None

    def held(self, sku: Sku, location_id: LocationId) -> Held | None:
        return self.positions.get(sku)

    def read(self, sku: Sku, location_id: LocationId) -> tuple[Held | None, Totals]:
        found = self.positions.get(sku)
        self.reading()
        return found, totals(row for row in self.rows if row.sku == sku)

    def correct(self, sku: Sku, location_id: LocationId, found: Held | None, right: Totals) -> bool:
        if self.positions.get(sku) != found:
            return False
        version = found.version + 1 if found else 1
        self.positions[sku] = Held(right, right.available, version)
        return True


RIGHT = Totals(10, reserved=2)


def test_a_position_that_is_the_sum_of_its_movements_has_no_drift() -> None:
    assert audit_position(MUG, RENO, Book({MUG: Held(RIGHT, 8, 2)})) is None


@pytest.mark.parametrize(
    "held", [Held(Totals(11, reserved=2), 9, 2), Held(RIGHT, 9, 2), None], ids=str
)
def test_a_position_that_says_something_else_is_reported_and_only_on_request_repaired(
    held: Held | None,
) -> None:
    book = Book({MUG: held} if held else {})
    assert audit_position(MUG, RENO, book) == StockDrift(MUG, RENO, held, RIGHT)
    assert book.positions.get(MUG) == held
    assert audit_position(MUG, RENO, book, repair=True) == StockDrift(MUG, RENO, held, RIGHT)
    repaired = book.positions[MUG]
    assert (repaired.figures, repaired.available) == (RIGHT, 8)
    assert audit_position(MUG, RENO, book) is None


def test_a_position_that_moves_while_it_is_summed_is_summed_again() -> None:
    book = Book({MUG: Held(RIGHT, 8, 2)})
    todo = [1]

    def sell() -> None:
        if todo:
            todo.pop()
            book.rows.append(moved(MUG, on_hand=-1))
            book.positions[MUG] = Held(Totals(9, reserved=2), 7, 3)

    book.reading = sell
    assert audit_position(MUG, RENO, book, repair=True) is None
    assert book.positions[MUG].version == 3


def test_a_position_that_never_holds_still_is_not_judged() -> None:
    book = Book({MUG: Held(Totals(9), 9, 2)})

    def move() -> None:
        book.positions[MUG] = Held(Totals(9), 9, book.positions[MUG].version + 1)

    book.reading = move
    with pytest.raises(Busy):
        audit_position(MUG, RENO, book)


def told(book: Book, **rest: Any) -> tuple[dict[str, int], list[Any]]:
    found: list[Any] = []
    places = [(MUG, RENO), (HAT, RENO)]
    done = audit_all(places, book, False, lambda *one: found.append(one), **rest)
    return done, found


def test_what_cannot_be_audited_stops_no_other() -> None:
    book = Book({HAT: Held(Totals(1), 1, 1)})
    book.rows[0] = moved(MUG, on_hand=None)  # type: ignore[arg-type]
    done, found = told(book)
    assert [(sku, type(one).__name__) for sku, _, one in found] == [
        ("MUG", "TypeError"),
        ("HAT", "StockDrift"),
    ]
    assert (done["AuditedPositions"], done["InventoryDrift"], done["AuditFailures"]) == (
        2,
        1,
        1,
    )


def test_an_audit_whose_time_runs_out_says_so() -> None:
    done, _ = told(Book({MUG: Held(RIGHT, 8, 2)}), go_on=lambda: False)
    assert (done["AuditUnfinished"], done["AuditedPositions"]) == (1, 0)
