"""The relay's view of the tables, on DynamoDB."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from dom.aws.dynamo import marshal
from dom.aws.ledger import DynamoLedger
from dom.aws.outbox import OutboxTable
from dom.aws.reads import get
from dom.errors import Busy
from dom.model.commit import Commit
from dom.relay.steps import Unreadable
from support.builders import NOW, order
from support.tables import moto_tables


@pytest.fixture
def tables() -> Any:
    with moto_tables() as found:
        yield found


def stored(tables: dict[str, str]) -> tuple[Any, OutboxTable]:
    """An order as ingest writes it."""
    dynamodb = boto3.client("dynamodb", region_name="us-east-1")
    ledger = DynamoLedger(dynamodb, tables["ORDERS_TABLE"], tables["INVENTORY_TABLE"])
    ledger.commit(Commit("a", NOW, "test", orders=(order(version=0),)))
    return dynamodb, OutboxTable(dynamodb, tables["ORDERS_TABLE"])


KEY = {"order_id": "ord_a", "item": "ORDER"}


def test_what_is_relayed_leaves_the_sweep_until_it_is_written_again(tables: Any) -> None:
    dynamodb, outbox = stored(tables)
    later = NOW + timedelta(hours=1)
    assert outbox.due(later) == [KEY]
    (item,) = outbox.read([KEY])
    outbox.acknowledge(item, called_back=False)
    assert outbox.due(later) == []
    assert "unrelayed" not in (get(dynamodb, outbox.table, KEY) or {})


def test_a_change_since_the_reading_stays_unrelayed(tables: Any) -> None:
    dynamodb, outbox = stored(tables)
    (item,) = outbox.read([KEY])
    ledger = DynamoLedger(dynamodb, outbox.table, tables["INVENTORY_TABLE"])
    ledger.commit(Commit("b", NOW, "test", orders=(order(version=1, name="new"),)))
    outbox.acknowledge(item, called_back=False)
    assert (get(dynamodb, outbox.table, KEY) or {})["unrelayed"] == 1


def test_an_item_of_an_unknown_shape_is_told_and_its_neighbors_are_read(tables: Any) -> None:
    dynamodb, outbox = stored(tables)
    strange = {"order_id": "ord_x", "item": "ORDER"}
    dynamodb.put_item(TableName=outbox.table, Item=marshal({**strange, "version": 7}))
    found = {item.key["order_id"]: item.record for item in outbox.read([KEY, strange])}
    assert isinstance(found["ord_x"], Unreadable)
    assert not isinstance(found["ord_a"], Unreadable)


def test_a_refused_acknowledgement_fails_that_item_alone(tables: Any) -> None:
    _, outbox = stored(tables)
    (item,) = outbox.read([KEY])

    class Refusing:
        def update_item(self, **request: Any) -> None:
            error: Any = {"Error": {"Code": "TransactionConflictException", "Message": ""}}
            raise ClientError(error, "UpdateItem")

    with pytest.raises(Busy):
        OutboxTable(Refusing(), outbox.table).acknowledge(item, called_back=False)
