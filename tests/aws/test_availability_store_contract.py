"""One contract for availability documents, in memory and in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest
from dom.aws import keys
from dom.aws.availability_store import DynamoAvailabilityStore
from dom.aws.dynamo import marshal
from dom.aws.ledger import DynamoLedger
from dom.inventory.project import Availability
from dom.model.commit import Commit
from dom.model.ids import LocationId, Sku
from dom.model.stock import Cause, StockChange
from support.availability import FakeStore
from support.builders import NOW
from support.tables import REGION, moto_tables

MUG = Sku("MUG BLUE/1#2")
BERLIN, PARIS, ROME = LocationId("berlin"), LocationId("paris"), LocationId("rome")

Store = FakeStore | DynamoAvailabilityStore


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Five mugs in Berlin, two of which are safety stock, and a shortage of one in Paris."""
    if request.param == "memory":
        yield FakeStore(positions={(MUG, BERLIN): 3, (MUG, PARIS): -1})
        return
    with moto_tables() as environment:
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        table = environment["INVENTORY_TABLE"]
        ledger = DynamoLedger(dynamodb, "", table)
        for place, units in ((BERLIN, {"on_hand": 5, "safety_stock": 2}), (PARIS, {"on_hand": -1})):
            created = StockChange(MUG, place, Cause.SNAPSHOT, creates=True, **units)
            ledger.commit(Commit(place, NOW, "test", stock=(created,)))
        # The ledger names new positions in the document; here it begins without one.
        dynamodb.delete_item(TableName=table, Key=marshal(keys.availability(MUG)))
        yield DynamoAvailabilityStore(dynamodb, table)


def test_a_document_that_is_not_there_is_empty_and_of_version_0(store: Store) -> None:
    assert store.document(MUG) == Availability(MUG, {}, 0)


def test_available_units_come_from_the_positions_that_exist(store: Store) -> None:
    assert store.available(MUG, [BERLIN, PARIS, ROME]) == {BERLIN: 3, PARIS: -1}


def test_a_document_is_stored_with_the_next_version(store: Store) -> None:
    assert store.replace(Availability(MUG, {BERLIN: 3, PARIS: -1}))
    assert store.document(MUG) == Availability(MUG, {BERLIN: 3, PARIS: -1}, 1)
    assert store.replace(Availability(MUG, {BERLIN: 2}, 1))
    assert store.document(MUG) == Availability(MUG, {BERLIN: 2}, 2)


@pytest.mark.parametrize("version", [0, 2])
def test_a_document_made_of_an_older_version_is_refused(store: Store, version: int) -> None:
    first = Availability(MUG, {BERLIN: 3})
    assert store.replace(first)
    assert not store.replace(replace(first, locations={BERLIN: 9}, version=version))
    assert store.document(MUG) == Availability(MUG, {BERLIN: 3}, 1)


def test_the_empty_document_that_a_dead_worker_left_can_be_written() -> None:
    # GIVEN a document made for a SKU's first position, whose transaction never came
    with moto_tables() as environment:
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        table = environment["INVENTORY_TABLE"]
        empty = {**keys.availability(MUG), "sku": MUG, "version": 0, "locations": {}}
        dynamodb.put_item(TableName=table, Item=marshal(empty))
        found = DynamoAvailabilityStore(dynamodb, table)
        assert found.replace(replace(found.document(MUG), locations={BERLIN: 1}))
        assert found.document(MUG) == Availability(MUG, {BERLIN: 1}, 1)


def test_operators_find_every_location_that_a_position_or_a_document_names() -> None:
    with moto_tables() as environment:
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        table = environment["INVENTORY_TABLE"]
        stock = (StockChange(MUG, BERLIN, Cause.SNAPSHOT, on_hand=5, creates=True),)
        DynamoLedger(dynamodb, "", table).commit(Commit("c1", NOW, "test", stock=stock))
        found = DynamoAvailabilityStore(dynamodb, table)
        assert found.replace(Availability(MUG, {ROME: 1}, found.document(MUG).version))
        assert set(found.known()) == {(MUG, BERLIN), (MUG, ROME)}
