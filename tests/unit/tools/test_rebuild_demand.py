"""Counters of unallocated demand against the orders: counted late, corrected, left in flight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest
from dom.aws import keys
from dom.aws.codec import to_plain
from dom.aws.demand_book import DemandBook, Drift, Figure
from dom.aws.dynamo import marshal
from dom.aws.ledger import DynamoLedger
from dom.aws.stock_store import StockStore
from dom.aws.stock_writes import demand_update
from dom.model.commit import Commit
from dom.model.demand import Counter, shard_of
from dom.model.ids import OrderId, Sku
from dom.model.order import Order
from support.builders import NOW, line, order
from support.tables import REGION, moto_tables

from tools.rebuild_demand import count, settled, uncounted

MUG = Sku("MUG")
NAME = Counter(MUG, shard_of(OrderId("ord_a")))
NAMES = [f"ord_{n}" for n in range(40)]


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

    def miscount(self, units: int) -> None:
        (stored,) = [units for name, units in self.book.counters() if name == NAME]
        request = demand_update(self.book.inventory_table, NAME, units - stored.units)
        self.dynamodb.update_item(**request["Update"])

    def said(self) -> int:
        return dict(self.book.counters())[NAME].units

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
    assert settled(tables.book, check=False) == ([], 0)


@pytest.mark.parametrize("wrong", [8, 0, -1])
def test_a_counter_that_is_wrong_is_set_to_its_orders(tables: Tables, wrong: int) -> None:
    tables.miscount(wrong)
    said = Figure(wrong, 2)
    assert settled(tables.book, check=True) == ([Drift(NAME, said, 3)], 0)
    assert tables.said() == wrong
    assert settled(tables.book, check=False) == ([Drift(NAME, said, 3)], 0)
    assert tables.stock.demand([MUG]) == {MUG: 3}
    assert settled(tables.book, check=True) == ([], 0)


def test_a_counter_that_is_lost_is_made_again(tables: Tables) -> None:
    tables.dynamodb.delete_item(
        TableName=tables.book.inventory_table, Key=marshal(keys.demand(*NAME))
    )
    assert settled(tables.book, check=True) == ([Drift(NAME, Figure(), 3)], 0)
    assert settled(tables.book, check=False)[1] == 0
    assert tables.stock.demand([MUG]) == {MUG: 3}


@pytest.mark.parametrize("lost", [True, False])
def test_what_is_sold_of_a_ring_fence_is_set_to_its_orders(tables: Tables, lost: bool) -> None:
    one = order("ord_f", line("1", MUG, 2), version=0, fences={MUG: "drop@"})
    tables.ledger.commit(Commit("f", NOW, "test", orders=(one,)))
    name = Counter(MUG, shard_of(OrderId("ord_f")), "drop@")
    key = marshal(keys.demand(*name))
    table = tables.book.inventory_table
    if lost:
        tables.dynamodb.delete_item(TableName=table, Key=key)
    else:
        tables.dynamodb.update_item(**demand_update(table, name, 5)["Update"])
    (found,) = settled(tables.book, check=False)[0]
    assert (found.name, found.units) == (name, 2)
    assert tables.stock.sold([(MUG, "drop@")]) == {MUG: {"drop@": 2}}
    assert settled(tables.book, check=True) == ([], 0)


@pytest.mark.parametrize("check", [True, False])
def test_what_is_counted_meanwhile_is_neither_called_wrong_nor_changed(
    tables: Tables, check: bool
) -> None:
    # GIVEN an order of that shard that comes between the reading of counters and of orders, and a
    # counter that would look wrong by the same however often it was read like that
    late = next(name for name in NAMES if shard_of(OrderId(name)) == NAME[1] and name != "ord_a")

    class Racing(DemandBook):
        def orders(self) -> Iterator[Order]:
            tables.write(late, 2)
            return DemandBook.orders(self)

    book = Racing(tables.dynamodb, tables.book.orders_table, tables.book.inventory_table)
    assert settled(book, check=check) == ([], 1)
    assert tables.stock.demand([MUG]) == {MUG: 5}
