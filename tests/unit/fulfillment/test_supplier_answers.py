"""A supplier's file of answers: good ones are done once, bad ones are said why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from dom.errors import Busy, InvalidInput, NotFound
from dom.fulfillment.dropship.answer_rows import answers_of
from dom.fulfillment.dropship.hear import AnswerFile, Outcome, hear
from dom.fulfillment.ports import Floor
from dom.model.commit import Commit
from dom.model.fulfillment import FulfillmentStatus
from dom.model.ids import FulfillmentOrderId, LocationId
from dom.model.order import Bucket
from dom.model.supplier import Supplier, Transport
from hypothesis import given
from hypothesis import strategies as st
from support.builders import NOW, line, location, order, work
from support.fakes import FakeLedger, frozen

S, B = FulfillmentStatus, Bucket
FILE = AnswerFile("answers/RENO/monday.csv", "etag")
HEAD = "purchase_order,answer,eta,carrier,tracking_number,reason,line_id,quantity"


@dataclass
class Drop:
    """One file, and the reports on it."""

    text: str | None
    reports: list[list[Outcome]] = field(default_factory=list)

    def read(self, file: AnswerFile) -> str | None:
        return self.text

    def report(self, file: AnswerFile, outcomes: Sequence[Outcome]) -> None:
        self.reports.append(list(outcomes))


def shop() -> FakeLedger:
    """Three purchase orders of two mugs at RENO, and one at BOSTON."""
    ledger = FakeLedger()
    ledger.open(location("RENO"), location("BOSTON"))
    ledger.suppliers["RENO"] = Supplier("RENO", Transport.FILE)
    ledger.stock("MUG", "RENO", 10, reserved=3)
    for number, place in ((1, "RENO"), (2, "RENO"), (3, "RENO"), (4, "BOSTON")):
        one = work(number, location_id=LocationId(place))
        ledger.works[FulfillmentOrderId(f"ord_a-{number}")] = one
    bought = line("1", quantity=4, buckets={B.ALLOCATED: 4})
    ledger.orders["ord_a"] = order("ord_a", bought)
    return ledger


def told(ledger: FakeLedger, *rows: str, file: AnswerFile = FILE) -> list[tuple[int, str]]:
    """Row and word of what became of each."""
    drop = Drop("\n".join((HEAD, *rows)))
    outcomes, left = hear(file, drop, floor(ledger), lambda: True)
    assert left is None
    assert drop.reports == ([outcomes] if outcomes else [])
    return [(one.row, one.word) for one in outcomes]


def floor(ledger: FakeLedger) -> Floor:
    return Floor(ledger, ledger, ledger, ledger, frozen(NOW))


def test_answers_are_carried_out_and_bad_ones_stop_nobody() -> None:
    ledger = shop()
    rows = (
        "ord_a-1,accept,2026-03-06",
        "ord_a-1,ship,,UPS,1Z",
        "ord_a-1,ship,,UPS,2Z",
        "ord_a-2,Reject,,,,not_in_stock",
        "ord_a-3,accept,yesterday",
        "ord_a-3,accept,2026-03-06,,,,,",
        "ord_a-4,accept",
        "ord_a-3,accept,9999-12-31",
        "ord_z-9,accept",
        "ord_a-3,accept,0001-01-01T00:00:00+14:00",
        "nonsense,accept",
        "ord_a-3,deliver",
    )
    taken, refused = (2, 3, 5), (6, 8, 9, 10, 11, 12, 13)
    words = [(row, "taken") for row in taken] + [(row, "refused") for row in refused]
    assert told(ledger, *rows) == words
    sent = ledger.works["ord_a-1"]
    assert [parcel.tracking_number for parcel in sent.parcels] == ["1Z", "2Z"]
    assert (sent.status, ledger.works["ord_a-2"].status) == (S.SHIPPED, S.REJECTED)
    assert ledger.works["ord_a-4"].status is S.RELEASED, "another location's"
    assert sent.history[-1].actor == "supplier RENO"


def test_a_file_that_comes_twice_is_done_once_and_says_the_same() -> None:
    ledger, rows = shop(), ("ord_a-1,accept", "ord_a-1,ship", "ord_a-2,reject")
    first = told(ledger, *rows)
    commits = len(ledger.commits)
    assert told(ledger, *rows) == first == [(2, "taken"), (3, "taken"), (4, "taken")]
    assert len(ledger.commits) == commits


def test_what_is_busy_is_tried_again_and_what_was_done_stays() -> None:
    ledger = shop()

    def fails(commit: Commit) -> None:
        if commit.id.startswith("ord_a-2"):
            raise Busy("throttled")

    ledger.before = fails
    rows = ("ord_a-1,accept", "ord_a-2,accept", "ord_a-3,accept")
    drop = Drop("\n".join((HEAD, *rows)))
    outcomes, left = hear(FILE, drop, floor(ledger), lambda: True)
    assert ([one.row for one in outcomes], left) == ([2], replace(FILE, begin=3))
    assert ledger.works["ord_a-1"].status is S.ACCEPTED
    with pytest.raises(Busy, match="row 3"):
        hear(replace(FILE, begin=3), drop, floor(ledger), lambda: True)
    ledger.before = lambda commit: None
    assert told(ledger, *rows) == [(2, "taken"), (3, "taken"), (4, "taken")]


def test_a_long_file_goes_on_where_time_ran_out() -> None:
    ledger = shop()
    drop = Drop("\n".join((HEAD, *(f"ord_a-{number},accept" for number in (1, 2, 3)))))
    rows, file = list[int](), FILE
    for _ in range(3):
        outcomes, left = hear(file, drop, floor(ledger), lambda: False)
        rows += [one.row for one in outcomes]
        if left is None:
            break
        file = left
    assert (rows, left) == ([2, 3, 4], None)


def test_a_part_is_refused_by_its_lines() -> None:
    ledger = shop()
    assert told(ledger, "ord_a-1,reject,,,,mismatch,1,1") == [(2, "taken")]
    assert told(ledger, "ord_a-3,reject,,,,mismatch,1,5") == [(2, "refused")]
    assert told(ledger, "ord_a-3,reject,,,,mismatch,1,x") == [(2, "refused")]


@pytest.mark.parametrize(
    "text", ["a,b\n1,2", "", "\x00", 'purchase_order,answer\n"' + "x" * 200_000]
)
def test_a_file_that_is_none_is_said_to_be_none(text: str) -> None:
    drop = Drop(text)
    outcomes, left = hear(FILE, drop, floor(shop()), lambda: True)
    assert left is None
    assert text == "" or [one.word for one in outcomes] == ["refused"]


def test_a_file_that_is_gone_by_now_is_nothing_to_do() -> None:
    drop = Drop(None)
    assert hear(FILE, drop, floor(shop()), lambda: True) == ([], None)
    assert drop.reports == []


@pytest.mark.parametrize("key", ["answers/BOSTON/x.csv", "answers/x.csv"])
def test_a_file_of_nobody_is_for_a_person(key: str) -> None:
    with pytest.raises((NotFound, InvalidInput)):
        hear(AnswerFile(key, "e"), Drop(HEAD), floor(shop()), lambda: True)


def test_a_folder_is_named_as_the_one_of_purchase_orders() -> None:
    assert AnswerFile("answers/Malm%C3%B6 1/x.csv", "e").location_id == "Malmö 1"


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    for body in (text, f"purchase_order,answer,eta,quantity,line_id\n{text}"):
        try:
            found = answers_of(body)
        except InvalidInput:
            continue
        assert all(one.row > 1 for one in found)
