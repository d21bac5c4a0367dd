"""Counters of unallocated demand against the orders: counted late, corrected, left in flight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest
from dom.aws.codec import to_plain
from dom.aws.demand_book import DemandBook
from dom.aws.dynamo import marshal
from dom.aws.ledger import DynamoLedger
from dom.aws.stock_store import StockStore
from dom.model.commit import Commit
from dom.model.demand import shard_of
from dom.model.ids import OrderId, Sku
from support.builders import NOW, line, order
from support.tables import REGION, moto_tables

from tools.rebuild_demand import certain_drift, count, uncounted

MUG = Sku("MUG")


class Tables:
    """Both tables, with an order of three mugs that was counted."""

    def __init__(self, orders: str, inventory: str) -> None:
        self.dynamodb = boto3.client("dynamodb", region_name=REGION)
        self.orders = orders
        self.ledger = DynamoLedger(self.dynamodb, orders, inventory)
        self.book = DemandBook(self.dynamodb, orders, inventory)
        self.stock = StockStore(self.dynamodb, inventory)
        self.write("ord_a", 3)

    def write(self, name: str, units: int) -> None:
        one = order(name, line("1", MUG, units), version=0)
        self.ledger.commit(Commit(name, NOW, "test", orders=(one,)))

    def old(self, name: str, units: int) -> None:
        """An order as it was written before anybody counted."""
        one = to_plain(replace(order(name, line("1", MUG, units)), version=1))
        item = {**one, "order_id": name, "item": "ORDER"}
        item.pop("counted")
        self.dynamodb.put_item(TableName=self.orders, Item=marshal(item))


@pytest.fixture
def tables() -> Iterator[Tables]:
    with moto_tables() as made:
        yield Tables(made["ORDERS_TABLE"], made["INVENTORY_TABLE"])


def test_orders_from_before_counting_are_counted_once(tables: Tables) -> None:
    tables.old("ord_old", 4)
    found = uncounted(tables.book)
    assert [one.order_id for one in found] == ["ord_old"]
    count(found, tables.ledger)
    count(found, tables.ledger)
    assert tables.stock.demand([MUG]) == {MUG: 7}
    assert uncounted(tables.book) == []
    assert certain_drift(tables.book, lambda: None) == {}


def test_a_counter_that_is_wrong_is_corrected(tables: Tables) -> None:
    name = (MUG, shard_of(OrderId("ord_a")))
    tables.book.correct(name, -5)
    assert tables.stock.demand([MUG]) == {MUG: 8}
    found = certain_drift(tables.book, lambda: None)
    assert found == {name: 5}
    tables.book.correct(name, found[name])
    assert tables.stock.demand([MUG]) == {MUG: 3}


def test_what_moves_meanwhile_is_not_taken_for_wrong(tables: Tables) -> None:
    name = (MUG, shard_of(OrderId("ord_a")))
    tables.book.correct(name, -5)
    assert certain_drift(tables.book, lambda: tables.book.correct(name, 2)) == {}
