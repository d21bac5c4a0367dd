"""Forecasts from the orders of a stack, and what routing is told of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest
from dom.aws.ledger import DynamoLedger
from dom.aws.order_history import OrderHistory
from dom.aws.product_store import DynamoProductStore
from dom.model.commit import Commit
from dom.model.geo import Destination
from dom.model.ids import Sku
from dom.model.order import HoldReason, Method, Order, ShipGroup
from dom.model.product import Product
from support.builders import NOW, line, order
from support.stack import StackHere
from support.tables import REGION, held_items, moto_tables, put_back

from tools import forecast as command
from tools.forecast import EVERYWHERE, Terms, apply, learn, show, window_of

MUG = Sku("MUG")
UNTIL = date(2026, 3, 4)
TERMS = Terms(0.95, 7, 0, 500)


class Shop:
    """Orders of 28 days before `UNTIL`: two mugs to California and one to New York, every day."""

    def __init__(self, orders: str, inventory: str, network: str) -> None:
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        self.history = OrderHistory(dynamodb, orders, inventory, network)
        self.products = DynamoProductStore(dynamodb, inventory)
        self.ledger = DynamoLedger(dynamodb, orders, inventory)
        for back in range(1, 29):
            self.buy(f"ord_ca{back}", back, 2, "CA")
            self.buy(f"ord_ny{back}", back, 1, "NY")

    def buy(self, name: str, back: int, units: int, province: str, **rest: Any) -> Order:
        groups = (ShipGroup("sg1", Method.SHIP, Destination("US", "", province)),)
        placed = NOW - timedelta(days=back)
        bought = order(name, line("1", MUG, units), ship_groups=groups, version=0)
        bought = replace(bought, placed_at=placed, **rest)
        self.ledger.commit(Commit(name, NOW, "test", orders=(bought,)))
        return bought

    def learn(self, days: int = 365) -> dict[str, float]:
        orders = self.history.placed(window_of(UNTIL, days, UTC))
        return {x.series.region: x.known.velocity for x in learn(orders, UNTIL, UTC)}

    def apply(self) -> int:
        lines = learn(self.history.placed(window_of(UNTIL, 365, UTC)), UNTIL, UTC)
        return apply(lines, self.products)


@pytest.fixture(scope="module")
def opened() -> Iterator[tuple[Shop, bytes]]:
    with moto_tables() as made:
        shop = Shop(made["ORDERS_TABLE"], made["INVENTORY_TABLE"], made["NETWORK_TABLE"])
        yield shop, held_items()


@pytest.fixture
def shop(opened: tuple[Shop, bytes]) -> Shop:
    """The shop as it was opened."""
    made, held = opened
    put_back(held)
    return made


def test_regions_are_learnt_apart_and_the_network_as_a_whole(shop: Shop) -> None:
    assert shop.learn() == {"US-CA": 2.0, "US-NY": 1.0, EVERYWHERE: 3.0}


def test_neither_tests_nor_held_orders_nor_the_day_that_runs_count(shop: Shop) -> None:
    shop.buy("ord_test", 3, 90, "CA", test=True)
    shop.buy("ord_held", 3, 90, "CA", hold_reason=HoldReason.FRAUD_RISK)
    shop.buy("ord_today", 0, 90, "CA")
    assert shop.learn()["US-CA"] == 2.0


def test_routing_is_told_once_and_nothing_else_of_the_product_changes(shop: Shop) -> None:
    described = Product(MUG, "kitchen", grams=300, daily_demand=9.0, markdown=50, version=1)
    assert shop.products.save(described, None)
    assert shop.apply() == 1
    stored = shop.products.find(MUG)
    assert stored == replace(described, daily_demand=3.0, version=2)
    assert shop.apply() == 0
    assert shop.products.find(MUG) == stored


def test_a_product_that_nobody_described_is_made(shop: Shop) -> None:
    assert shop.apply() == 1
    assert shop.products.find(MUG) == Product(MUG, daily_demand=3.0, version=1)


def test_the_table_says_what_to_keep_and_what_last_units_are_worth(shop: Shop) -> None:
    lines = learn(shop.history.placed(window_of(UNTIL, 365, UTC)), UNTIL, UTC)
    shown = show(lines, TERMS).splitlines()
    # Poisson, mean 7: 12 units are enough for 95 %; one, or three, are gone in a week.
    assert shown[3] == (
        "| MUG | US-NY | 28 | smooth | ses 0.02 | 1.000 | 0.00 | 7.0 | 5 | 12 | 500 | 485 | 85 |"
    )
    assert "last of" not in show(lines, replace(TERMS, worth=0))


def test_a_window_is_of_whole_local_days_also_over_a_change_of_clocks() -> None:
    window = window_of(date(2026, 3, 10), 7, ZoneInfo("America/New_York"))
    assert window.since.astimezone(UTC).hour == 5
    assert window.until.astimezone(UTC).hour == 4


def test_the_command_shows_one_sku_and_applies(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "chosen", lambda _: StackHere())
    command.main(["--until", "2026-03-04", "--sku", "CUP", "--apply"])
    shown = capsys.readouterr().out
    assert "| MUG |" not in shown
    assert "1 products have another daily demand now." in shown
    command.main(["--until", "2026-03-04", "--zone", "America/New_York"])
    assert "| MUG | * | 28 | smooth |" in capsys.readouterr().out
    assert shop.products.find(MUG) == Product(MUG, daily_demand=3.0, version=1)
