"""Documents of what is on its way, as DynamoDB keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest
from dom.aws import keys
from dom.aws.incoming_store import DynamoIncomingStore
from dom.aws.ledger import DynamoLedger
from dom.model.commit import Commit
from dom.model.ids import LocationId, Sku
from dom.model.incoming import MOST_ENTRIES, Incoming, IncomingSupply
from dom.model.supply import SupplyId, SupplyKind, SupplyLine, SupplyOrder
from support.builders import NOW
from support.tables import REGION, moto_tables

from tools.bench_meter import size
from tools.rebuild_availability import ReportOnlySupply, renote

MUG, HAT, CUP = Sku("MUG BLUE/1#2"), Sku("HAT"), Sku("CUP")
RENO, PO = LocationId("RENO"), SupplyId("po_a")
FIRST = {PO: Incoming(RENO, 3, NOW.date()), SupplyId("tr_b"): Incoming(RENO, 1)}


@pytest.fixture
def store() -> Iterator[DynamoIncomingStore]:
    """An empty one."""
    with moto_tables() as environment:
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        yield DynamoIncomingStore(dynamodb, environment["INVENTORY_TABLE"])


def purchase(store: DynamoIncomingStore) -> SupplyOrder:
    """Three mugs that ACME is to send."""
    order = SupplyOrder(
        PO, SupplyKind.PURCHASE, RENO, "P", (SupplyLine(MUG, 3),), NOW, "ops", supplier="ACME"
    )
    DynamoLedger(store.dynamodb, "", store.table).commit(Commit("c", NOW, "ops", supply=(order,)))
    return replace(order, version=1)


def test_a_document_comes_back_as_it_was_stored_with_the_next_version(
    store: DynamoIncomingStore,
) -> None:
    assert store.documents([MUG]) == {MUG: IncomingSupply(MUG)}
    assert store.replace(IncomingSupply(MUG, FIRST))
    assert store.documents([MUG, HAT]) == {
        MUG: IncomingSupply(MUG, FIRST, 1),
        HAT: IncomingSupply(HAT),
    }
    assert not store.replace(IncomingSupply(MUG, {})), "it is not version 0 any more"
    assert store.replace(IncomingSupply(MUG, {}, 1))
    assert not store.replace(IncomingSupply(MUG, FIRST, 1))
    assert store.documents([MUG])[MUG] == IncomingSupply(MUG, {}, 2)


def test_what_is_on_its_way_is_told_of_those_skus_only_of_which_anything_is(
    store: DynamoIncomingStore,
) -> None:
    store.replace(IncomingSupply(MUG, FIRST))
    store.replace(IncomingSupply(HAT, {}))
    assert store.incoming([MUG, HAT, CUP]) == {MUG: tuple(FIRST.values())}


def test_the_fullest_document_is_far_from_the_limit_of_an_item(store: DynamoIncomingStore) -> None:
    ids = (SupplyId(f"po_{n:020}") for n in range(MOST_ENTRIES))
    place = LocationId("L" * 80)
    many = {one: Incoming(place, 10**9, NOW.date()) for one in ids}
    assert store.replace(IncomingSupply(MUG, many))
    key = {name: {"S": value} for name, value in keys.incoming(MUG).items()}
    item = store.dynamodb.get_item(TableName=store.table, Key=key)["Item"]
    assert 100_000 < size(item) < 400_000


def test_a_rebuild_reports_and_corrects_what_differs(store: DynamoIncomingStore) -> None:
    purchase(store)
    store.replace(IncomingSupply(HAT, FIRST))
    known = list(store.known())
    assert set(known) == {
        (PO, frozenset({MUG})),
        (PO, frozenset({HAT})),
        (SupplyId("tr_b"), frozenset({HAT})),
    }
    said = sorted(renote(known, ReportOnlySupply(store)))
    assert said == [(PO, 1), (PO, 1), ("tr_b", 1)]
    assert sorted(renote(known, store)) == said
    assert store.incoming([MUG, HAT]) == {MUG: (Incoming(RENO, 3),)}
    assert list(renote(store.known(), store)) == []
