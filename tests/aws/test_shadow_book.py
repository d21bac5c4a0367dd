"""Shadow decisions stand beside the decisions that they are about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from dom.api.render_order import render_order
from dom.aws.ledger import DynamoLedger
from dom.aws.order_store import OrderStore
from dom.aws.shadow_book import ShadowBook
from dom.errors import Busy
from dom.model.commit import Commit
from dom.model.ids import LocationId, OrderId
from dom.model.shadow import Figures, ShadowDecision
from support.builders import NOW, order
from support.tables import REGION, moto_tables


@pytest.fixture
def book() -> Iterator[ShadowBook]:
    """An Orders table with one order."""
    with moto_tables() as environment:
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        table = environment["ORDERS_TABLE"]
        ledger = DynamoLedger(dynamodb, table, environment["INVENTORY_TABLE"])
        ledger.commit(Commit("a", NOW, "test", orders=(order(version=0),)))
        yield ShadowBook(dynamodb, table)


def decision(number: int = 1) -> ShadowDecision:
    return ShadowDecision(
        f"ord_a-sg1-{number}",
        OrderId("ord_a"),
        "sg1",
        NOW,
        "peak-1",
        "default-1",
        Figures(1, 900, 50, 200),
        Figures(2, 800, 30, 300, 1),
        (LocationId("RENO"), LocationId("BOSTON")),
        False,
    )


def test_what_was_recorded_is_read_with_its_order_and_shown_with_it(book: ShadowBook) -> None:
    book.record([decision()])
    record = OrderStore(book.dynamodb, book.table).record("ord_a")
    assert record
    assert record.shadows == (decision(),)
    assert record.decisions == ()
    (shown,) = render_order(record.order, (), (), record.shadows)["shadow_decisions"]
    assert (shown["active"]["cost"], shown["shadow"]["cost"]) == (900, 800)
    assert shown["location_ids"] == ["RENO", "BOSTON"]


def test_more_than_a_request_takes_are_all_written(book: ShadowBook) -> None:
    book.record([decision(number) for number in range(60)])
    record = OrderStore(book.dynamodb, book.table).record("ord_a")
    assert record
    assert len(record.shadows) == 60


def test_what_the_table_does_not_take_is_told_and_not_tried_again(
    book: ShadowBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def refuse(**request: Any) -> Any:
        asked.append(request)
        return {"UnprocessedItems": request["RequestItems"]}

    monkeypatch.setattr(book.dynamodb, "batch_write_item", refuse)
    with pytest.raises(Busy, match="2 of 2"):
        book.record([decision(1), decision(2)])
    assert len(asked) == 1
