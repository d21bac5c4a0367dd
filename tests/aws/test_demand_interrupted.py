"""An order of more SKUs than one transaction counts, interrupted at every step: counted to the end.

The order says what of it is counted, so that the relay sees that something is missing, and whoever
goes on adds exactly that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from dom.aws.demand_book import DemandBook
from dom.aws.ledger import DynamoLedger
from dom.aws.order_store import OrderStore
from dom.aws.stock_store import StockStore
from dom.fulfillment.count_demand import count_demand
from dom.model.commit import Commit
from dom.model.demand import demand_of
from dom.model.order import Bucket, HoldReason, Order
from dom.relay.steps import Unrelayed, steps_for
from support.builders import NOW, line, order
from support.tables import REGION, moto_tables

SKUS = [f"S{n:03}" for n in range(105)]
# The order with 99 counters, then the order with the rest.
STEPS = 2


@dataclass
class Dying:
    """A client of a table that takes so many transactions, and then none."""

    dynamodb: Any
    left: int

    def __getattr__(self, name: str) -> Any:
        return getattr(self.dynamodb, name)

    def transact_write_items(self, **request: Any) -> Any:
        if not self.left:
            reasons = [{"Code": "TransactionConflict"} for _ in request["TransactItems"]]
            answer: Any = {
                "Error": {"Code": "TransactionCanceledException"},
                "CancellationReasons": reasons,
            }
            raise ClientError(answer, "TransactWriteItems")
        self.left -= 1
        return self.dynamodb.transact_write_items(**request)


class Tables:
    def __init__(self, orders: str, inventory: str) -> None:
        self.dynamodb = boto3.client("dynamodb", region_name=REGION)
        self.names = orders, inventory
        self.store = OrderStore(self.dynamodb, orders)
        self.stock = StockStore(self.dynamodb, inventory)
        self.book = DemandBook(self.dynamodb, *self.names)

    def ledger(self, transactions: int) -> DynamoLedger:
        options = {"sleep": lambda seconds: None}
        return DynamoLedger(Dying(self.dynamodb, transactions), *self.names, options=options)

    def write(self, one: Order, transactions: int) -> Order:
        self.ledger(transactions).commit(Commit("a", NOW, "test", orders=(one,)))
        return self.stored()

    def stored(self) -> Order:
        found = self.store.load("ord_a")
        assert found
        return found

    def assert_sums_agree(self) -> None:
        assert self.book.drift() == []


@pytest.fixture
def tables() -> Iterator[Tables]:
    with moto_tables() as made:
        yield Tables(made["ORDERS_TABLE"], made["INVENTORY_TABLE"])


def asks_to_be_counted(one: Order) -> bool:
    item = {"order_id": one.order_id, "item": "ORDER"}
    return steps_for(Unrelayed(item, one.version, 0, one), NOW).withdraw is not None


@pytest.mark.parametrize("survived", range(1, STEPS + 1))
def test_what_was_not_counted_is_asked_for_and_counted(tables: Tables, survived: int) -> None:
    # GIVEN a held order, which nothing else writes for days
    lines = [line(sku, sku, 2) for sku in SKUS]
    held = order("ord_a", *lines, version=0, hold_reason=HoldReason.FRAUD_RISK)
    stored = tables.write(held, survived)
    tables.assert_sums_agree()
    assert asks_to_be_counted(stored) == (survived < STEPS)
    # WHEN what goes on is interrupted at each step, too
    for _ in range(STEPS):
        count_demand(tables.stored(), tables.ledger(1), NOW)
        tables.assert_sums_agree()
    # THEN every unit is counted, once, and nobody is asked any more
    assert tables.stock.demand(SKUS) == demand_of(held) == dict.fromkeys(SKUS, 2)
    assert not asks_to_be_counted(tables.stored())


@pytest.mark.parametrize("survived", range(1, STEPS + 1))
def test_what_is_over_is_taken_off_in_the_end(tables: Tables, survived: int) -> None:
    stored = tables.write(order("ord_a", *[line(s, s) for s in SKUS], version=0), STEPS)
    gone = [one.moved(Bucket.PENDING, Bucket.CANCELLED, 1) for one in stored.lines]
    stored = tables.write(stored.with_lines(gone), survived)
    tables.assert_sums_agree()
    assert asks_to_be_counted(stored) == (survived < STEPS)
    count_demand(stored, tables.ledger(STEPS), NOW)
    tables.assert_sums_agree()
    assert tables.stock.demand(SKUS) == {}


def test_who_comes_late_counts_nothing_twice(tables: Tables) -> None:
    early = tables.write(order("ord_a", *[line(s, s) for s in SKUS], version=0), 1)
    count_demand(early, tables.ledger(STEPS), NOW)
    version = tables.stored().version
    count_demand(early, tables.ledger(STEPS), NOW)
    count_demand(tables.stored(), tables.ledger(STEPS), NOW)
    assert tables.stored().version == version
    tables.assert_sums_agree()
    assert tables.stock.demand(SKUS) == dict.fromkeys(SKUS, 1)
