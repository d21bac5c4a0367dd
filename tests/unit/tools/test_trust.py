"""Trust from the ledger of a stack, and what routing is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from dom.aws import keys
from dom.aws.dynamo import marshal
from dom.aws.ledger import DynamoLedger
from dom.aws.ledger_book import DynamoLedgerBook
from dom.aws.product_store import DynamoProductStore
from dom.forecast.trust import learn
from dom.model.commit import Commit
from dom.model.ids import LocationId, Sku
from dom.model.product import Product
from dom.model.stock import Cause, StockChange
from support.builders import NOW
from support.stack import StackHere
from support.tables import REGION, moto_tables

from tools import trust as command
from tools.trust import apply, show, trials

MUG, RENO, BOSTON = Sku("MUG"), LocationId("RENO"), LocationId("BOSTON")
AGES = timedelta(days=365)


class Shelf:
    """A position at each of two places; Reno always has it, Boston never does."""

    def __init__(self, orders: str, inventory: str) -> None:
        dynamodb: Any = boto3.client("dynamodb", region_name=REGION)
        self.ledger = DynamoLedger(dynamodb, orders, inventory)
        self.book = DynamoLedgerBook(dynamodb, inventory)
        self.products = DynamoProductStore(dynamodb, inventory)
        for place in (RENO, BOSTON):
            self.move("receipt", place, Cause.RECEIPT, 100)
            self.list(dynamodb, inventory, place)
        for n in range(10):
            self.move(f"ship{n}", RENO, Cause.SHIPMENT, -1, n)
            self.move(f"reject{n}", BOSTON, Cause.REJECT, -1, n)

    def list(self, dynamodb: Any, table: str, place: LocationId) -> None:
        dynamodb.update_item(
            TableName=table,
            Key=marshal(keys.availability(MUG)),
            UpdateExpression="SET sku = :sku, locations = :all",
            ExpressionAttributeValues={
                ":sku": {"S": MUG},
                ":all": {"M": {RENO: {"N": "1"}, BOSTON: {"N": "1"}}},
            },
        )

    def move(self, name: str, place: LocationId, cause: Cause, units: int, n: int = 0) -> None:
        told = ({"fulfillment_order_id": name},) if cause is not Cause.RECEIPT else ()
        creates = cause is Cause.RECEIPT
        change = StockChange(MUG, place, cause, units, creates=creates, references=told)
        at = NOW - timedelta(minutes=n)
        self.ledger.commit(Commit(f"{name}{place}", at, "test", stock=(change,)))


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with moto_tables() as made:
        yield Shelf(made["ORDERS_TABLE"], made["INVENTORY_TABLE"])


def test_picks_and_rejects_are_read_from_the_ledger(shelf: Shelf) -> None:
    found = list(trials(shelf.book, NOW - AGES))
    assert sorted((one.location_id, one.found) for one in found) == (
        [(BOSTON, False)] * 10 + [(RENO, True)] * 10
    )
    assert list(trials(shelf.book, NOW + timedelta(days=40))) == []
    assert len(list(trials(shelf.book, NOW - timedelta(minutes=4, seconds=30)))) == 10


def test_routing_is_told_once_and_other_places_are_left(shelf: Shelf) -> None:
    described = Product(MUG, grams=300, rejects={LocationId("DALLAS"): 30}, version=1)
    assert shelf.products.save(described, None)
    learnt = learn(trials(shelf.book, NOW - AGES), NOW)
    assert apply(learnt, shelf.products) == 1
    stored = shelf.products.find(MUG)
    assert stored is not None
    assert stored == replace(described, rejects=stored.rejects, version=2)
    assert stored.rejects["DALLAS"] == 30
    assert stored.rejects["RENO"] < 15 < 60 < stored.rejects["BOSTON"]
    assert apply(learnt, shelf.products) == 0


def test_the_least_trusted_come_first(shelf: Shelf) -> None:
    shown = show(learn(trials(shelf.book, NOW - AGES), NOW), 1).splitlines()
    assert len(shown) == 3
    assert shown[2].startswith("| MUG | BOSTON | 0.")


def test_the_command_reads_a_year_and_applies(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "chosen", lambda _: StackHere())
    monkeypatch.setattr(command, "system_clock", lambda: NOW)
    command.main(["--apply"])
    assert "| MUG | BOSTON |" in capsys.readouterr().out
    stored = shelf.products.find(MUG)
    assert stored and set(stored.rejects) == {RENO, BOSTON}
