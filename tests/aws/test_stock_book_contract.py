"""What feeds and audits read of the ledger, asked of the tables and of the fake."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest
from dom.aws import keys
from dom.aws.dynamo import marshal
from dom.aws.ledger import DynamoLedger
from dom.aws.ledger_book import DynamoLedgerBook
from dom.aws.movement_store import MovementStore
from dom.inventory.rebuild import StockDrift, audit_all, audit_position
from dom.model.commit import Commit
from dom.model.ids import LocationId, Sku
from dom.model.stock import Cause, StockChange, Totals
from support.builders import NOW
from support.fakes import FakeLedger
from support.tables import moto_tables

MUG, RENO, BOSTON = Sku("MUG #1"), LocationId("RENO"), LocationId("BOSTON")
PLACE = (MUG, RENO)
MONTH = timedelta(days=31)


class Stored:
    """Writer and readers of one Inventory table."""

    def __init__(self, tables: dict[str, str]) -> None:
        self.dynamodb = boto3.client("dynamodb", region_name="us-east-1")
        self.table = tables["INVENTORY_TABLE"]
        names = [tables[f"{name}_TABLE"] for name in ("ORDERS", "INVENTORY", "NETWORK", "INBOX")]
        self.ledger = DynamoLedger(self.dynamodb, *names)
        self.store = MovementStore(self.dynamodb, self.table, size=2)
        self.book = DynamoLedgerBook(self.dynamodb, self.table)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.ledger if name == "commit" else self.store, name)

    def tamper(self, **figures: int) -> None:
        """Somebody writes into the table by hand."""
        key = keys.position(*PLACE)
        for name, value in figures.items():
            self.dynamodb.update_item(
                TableName=self.table,
                Key=marshal(key),
                UpdateExpression="SET #name = :value",
                ExpressionAttributeNames={"#name": name},
                ExpressionAttributeValues=marshal({":value": value}),
            )


@pytest.fixture
def stored() -> Iterator[Stored]:
    with moto_tables() as tables:
        yield Stored(tables)


@pytest.fixture(params=["dynamodb", "fake"])
def book(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "fake":
        yield FakeLedger()
        return
    with moto_tables() as tables:
        yield Stored(tables)


def write(book: Any, name: str, at: datetime = NOW, **facts: Any) -> None:
    facts = {"location_id": RENO, **facts}
    change = StockChange(MUG, cause=Cause.SNAPSHOT, **facts)
    book.commit(Commit(name, at, "test", stock=(change,)))


def story(book: Any) -> None:
    """10 lie there; months later 3 are reserved and 2 leave, of which one is told late."""
    write(book, "a", NOW - 4 * MONTH, creates=True, on_hand=10)
    write(book, "b", NOW - MONTH, reserved=3)
    write(book, "c", NOW, on_hand=-1)
    write(book, "d", NOW + MONTH, on_hand=-1, occurred_at=NOW - 2 * MONTH)


def test_what_moved_is_told_by_when_it_occurred_over_all_months(book: Any) -> None:
    story(book)

    def after(moment: datetime) -> Totals:
        return dict(book.moved_after([PLACE], moment)).get(PLACE, Totals())

    assert after(NOW - 5 * MONTH) == Totals(8, reserved=3)
    assert after(NOW - 3 * MONTH) == Totals(-2, reserved=3)
    assert after(NOW - MONTH) == Totals(-1)
    assert after(NOW) == after(NOW + 3 * MONTH) == Totals()


def test_a_movement_with_an_id_of_its_own_is_found_by_it(book: Any) -> None:
    write(book, "a", creates=True, on_hand=1, id="own", occurred_at=NOW - MONTH)
    names = [(*PLACE, "own"), (MUG, BOSTON, "own")]
    assert book.recorded(names, NOW - MONTH) == {PLACE}
    assert book.recorded([(*PLACE, "a")], NOW - MONTH) == set()


def test_a_position_remembers_the_newest_snapshot(book: Any) -> None:
    write(book, "a", creates=True, on_hand=1, snapshot_at=NOW)
    write(book, "b", on_hand=1)
    (found,) = book.positions_of([PLACE])
    assert (found.on_hand, found.last_snapshot_at) == (2, NOW)


def test_positions_are_found_by_their_location(book: Any) -> None:
    write(book, "a", creates=True)
    write(book, "b", creates=True, location_id=BOSTON)
    assert list(book.stocked([BOSTON])) == [(MUG, BOSTON)]


def test_one_commit_can_give_a_sku_many_positions(book: Any) -> None:
    places = [LocationId(f"P{n}") for n in range(30)]
    changes = [StockChange(MUG, one, Cause.SNAPSHOT, 1, creates=True) for one in places]
    book.commit(Commit("a", NOW, "test", stock=tuple(changes)))
    assert len(book.positions_of([(MUG, one) for one in places])) == 30


def test_pages_hold_each_movement_once_from_the_newest_on(stored: Stored) -> None:
    story(stored)
    names: list[str] = []
    cursor, pages = None, 0
    while pages == 0 or cursor:
        page = stored.store.page(*PLACE, cursor)
        names += [one.commit_id for one in page.movements]
        cursor, pages = page.next, pages + 1
    assert (names, pages) == (["c", "b", "d", "a"], 2)


def test_an_audit_reads_every_month_and_finds_nothing(stored: Stored) -> None:
    story(stored)
    places = list(stored.book.places())
    assert places == [PLACE]
    assert audit_position(*PLACE, stored.book) is None


@pytest.mark.parametrize("wrong", [{"on_hand": 99}, {"available": 99}, {"reserved": 0}], ids=str)
def test_a_position_that_somebody_changed_is_told_and_repaired(
    stored: Stored, wrong: dict[str, int]
) -> None:
    story(stored)
    before = stored.store.page(*PLACE, None)
    stored.tamper(**wrong)
    told: list[Any] = []
    done = audit_all(stored.book.places(), stored.book, True, lambda *one: told.append(one))
    assert done["InventoryDrift"] == 1
    (_, _, drift) = told[0]
    assert isinstance(drift, StockDrift) and drift.ledger == Totals(8, reserved=3)
    assert audit_position(*PLACE, stored.book) is None
    assert stored.store.page(*PLACE, None) == before


def test_a_position_that_was_lost_is_made_again(stored: Stored) -> None:
    write(stored, "a", datetime.now(NOW.tzinfo), creates=True, on_hand=7)
    stored.dynamodb.delete_item(TableName=stored.table, Key=marshal(keys.position(*PLACE)))
    drift = audit_position(*PLACE, stored.book, repair=True)
    assert drift is not None and drift.position is None
    (found,) = stored.store.positions_of([PLACE])
    assert (found.on_hand, found.version) == (7, 1)
    assert list(stored.store.stocked([RENO])) == [PLACE]


def test_a_position_that_moved_meanwhile_is_not_overwritten(stored: Stored) -> None:
    write(stored, "a", creates=True, on_hand=7)
    found = stored.book.held(*PLACE)
    write(stored, "b", on_hand=-1)
    assert stored.book.correct(*PLACE, found, Totals(7)) is False
    assert stored.store.positions_of([PLACE])[0].on_hand == 6
