"""846: what lies where; a line that cannot be used is named and costs only itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from dom.model.feed import FeedMode
from dom.partners.commands import Entry, StockTold
from dom.partners.x12_entries import entries_of
from dom.x12.read import read
from support.partners import partner, x12


def entry(*body: str, **changes: Any) -> Entry:
    (found,) = entries_of(read(x12(("846", body))), partner(**changes))
    return found


def told(*body: str, **changes: Any) -> StockTold:
    found = entry(*body, **changes)
    assert found.problem == ""
    (command,) = found.commands
    assert isinstance(command, StockTold)
    return command


def rows(found: StockTold) -> list[tuple[str, str, int | None, int | None]]:
    return [(one.sku, one.location_id, one.on_hand, one.available) for one in found.rows]


SNAPSHOT = "BIA*00*SR*REPORT1*20261120*1010"


def test_a_snapshot_says_what_is_on_hand_and_what_is_available_by_location() -> None:
    found = told(
        SNAPSHOT,
        "N1*WH*Reno*92*R1",
        "LIN*1*SK*MUG*UP*012345678905", "QTY*17*20*EA", "QTY*33*15*EA",
        "LIN*2*VN*HAT", "QTY*QA*0", "REF*ZZ*B1",
        "LIN**UP*012345678905", "QTY*1*1*CS>1", "N1*WH**92*B1",
        "CTT*3",
    )  # fmt: skip
    assert rows(found) == [
        ("MUG", "RENO", 20, 15),
        ("HAT", "BOSTON", None, 0),
        ("MUG", "BOSTON", 12, None),
    ]
    assert (found.mode, found.refused) == (FeedMode.SNAPSHOT, ())
    assert found.as_of == datetime(2026, 11, 20, 10, 10, tzinfo=UTC)
    berlin = told(SNAPSHOT, "N1*WH**92*R1", "LIN**SK*MUG", "QTY*17*1", zone="Europe/Berlin")
    assert berlin.as_of == datetime(2026, 11, 20, 9, 10, tzinfo=UTC)


def test_changes_may_be_negative_and_lots_add_up() -> None:
    found = told("BIA*00*CH*R*20261120", "REF*ZZ*R1", "LIN**SK*MUG", "QTY*02*-3", "QTY*02*1")
    assert (found.mode, found.as_of, rows(found)) == (
        FeedMode.DELTA,
        None,
        [("MUG", "RENO", -2, None)],
    )


def test_lines_that_cannot_be_used_are_named_and_the_others_count() -> None:
    found = told(
        SNAPSHOT,
        "LIN*1*SK*HAT", "QTY*17*2*CS", "REF*ZZ*R1",
        "LIN*2*SK*MUG", "QTY*17*2*CS", "REF*ZZ*R1",
        "LIN*3*SK*CAP", "REF*ZZ*R1",
        "LIN*4*SK*CAP", "QTY*17*2",
        "LIN*5*SK*CAP", "QTY*17*2", "REF*ZZ*O1",
        "LIN*6*ZZ*CAP", "QTY*17*2", "REF*ZZ*R1",
        "LIN*7*SK*CAP", "QTY*AI*2", "REF*ZZ*R1",
    )  # fmt: skip
    assert rows(found) == [("MUG", "RENO", 24, None)]
    assert found.refused == (
        "QTY-03 (segment 6): nobody told how many units a case of HAT holds",
        "LIN (segment 11): the item has no quantity (QTY)",
        "LIN (segment 13): it names no location, and the partner has several",
        "REF-02 (segment 17): the partner is not known to have the location O1",
        "LIN (segment 18): no name of the item that counts (there are: ZZ)",
        "LIN (segment 21): no quantity says what is there (there are: AI)",
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ((SNAPSHOT,), "BIA (segment 4): it names no item (no LIN)"),
        (
            ("BIA*00*QQ*R*20261120", "LIN**SK*MUG"),
            "BIA-02 (segment 4): QQ is no report that we know",
        ),
        (("BIA*00*SR*R*2026*1010", "LIN**SK*MUG"), "BIA-04 (segment 4): it is no day (CCYYMMDD)"),
        (("N1*WH**92*O1",), "N1-04 (segment 4): the partner is not known to have the location O1"),
    ],
)
def test_a_report_that_says_nothing_is_refused(body: tuple[str, ...], reason: str) -> None:
    assert entry(*body).problem == reason


def test_one_without_a_beginning_is_a_snapshot() -> None:
    assert told("LIN**SK*MUG", "QTY*33*500*EA", "N1*WH**92*R1").mode is FeedMode.SNAPSHOT
