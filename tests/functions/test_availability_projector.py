"""The projector on records of the Inventory stream, made from what the ledger really wrote."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest
from dom.aws import keys
from dom.aws.dynamo import unmarshal
from dom.aws.incoming_store import DynamoIncomingStore
from dom.aws.inventory_stream import supply_records
from dom.aws.ledger import DynamoLedger
from dom.aws.line_store import LineStore
from dom.aws.order_store import OrderStore
from dom.aws.outlet_store import OutletStore
from dom.aws.queues import Queue
from dom.model.commit import Commit
from dom.model.ids import LocationId, Sku
from dom.model.incoming import Incoming
from dom.model.order import Bucket
from dom.model.outlet import Outlet
from dom.model.stock import Cause, StockChange
from dom.model.supply import SupplyId, SupplyKind, SupplyLine, SupplyOrder, SupplyStatus
from support.builders import NOW, line, order
from support.functions import load_function
from support.http import LambdaContext
from support.tables import REGION, moto_tables

MUG, BERLIN = Sku("MUG BLUE/1"), LocationId("berlin")
NONE = timedelta()
ALL_EVENTS = json.dumps({"source": ["dom"]})


class Stock:
    """The Inventory table, its stream, and a queue that sees the bus."""

    def __init__(self, table: str, routing: str) -> None:
        self.table, self.routing = table, routing
        self.dynamodb = boto3.client("dynamodb", region_name=REGION)
        self.ledger = DynamoLedger(self.dynamodb, "OrdersTable", table)
        self.records: list[dict[str, Any]] = []
        self.queue = _queue_on_the_bus()

    def move(self, sku: Sku, commit_id: str, **change: Any) -> None:
        """Commit one movement; its stream records are appended."""
        position = keys.position(sku, BERLIN)
        before = self._item(position)
        moved = StockChange(sku, BERLIN, Cause.SNAPSHOT, **change)
        at = NOW + timedelta(seconds=len(self.records))
        self.ledger.commit(Commit(commit_id, at, "test", stock=(moved,)))
        movement = keys.movement(sku, BERLIN, at, commit_id)
        self._record(position, before)
        self._record(movement, None)

    def _item(self, key: keys.Key) -> Any:
        wanted = {name: {"S": value} for name, value in key.items()}
        return self.dynamodb.get_item(TableName=self.table, Key=wanted).get("Item")

    def _record(self, key: keys.Key, before: Any) -> None:
        change: dict[str, Any] = {
            "Keys": {name: {"S": value} for name, value in key.items()},
            "NewImage": self._item(key),
            "SequenceNumber": str(1000 + len(self.records)),
        }
        change |= {"OldImage": before} if before else {}
        name = "MODIFY" if before else "INSERT"
        self.records.append({"eventName": name, "dynamodb": change})

    def supply(self, order: SupplyOrder) -> SupplyOrder:
        """Store a transfer or purchase as its use case does; its stream record is appended."""
        key = keys.supply(order.id)
        before = self._item(key)
        self.ledger.commit(Commit(f"s{order.version}", NOW, "test", supply=(order,)))
        self._record(key, before)
        return replace(order, version=order.version + 1)

    def coming(self, *skus: Sku) -> dict[Sku, tuple[Incoming, ...]]:
        """What the documents say is on its way."""
        return DynamoIncomingStore(self.dynamodb, self.table).incoming(skus)

    def document(self, sku: Sku) -> dict[str, Any]:
        return unmarshal(self._item(keys.availability(sku)) or {})

    def wait(self, order_id: str, sku: Sku, placed_at: datetime = NOW) -> None:
        """An order with a backordered unit."""
        waiting = line("1", sku, buckets={Bucket.BACKORDERED: 1})
        made = replace(order(order_id, waiting, version=0), placed_at=placed_at)
        self.ledger.commit(Commit(order_id, NOW, "test", orders=(made,)))

    def routed(self) -> list[str]:
        """Orders that routing was asked for."""
        sqs = boto3.client("sqs", region_name=REGION)
        answer = sqs.receive_message(QueueUrl=self.routing, MaxNumberOfMessages=10)
        return sorted(json.loads(one["Body"])["order_id"] for one in answer.get("Messages", []))

    def published(self) -> list[dict[str, Any]]:
        sqs = boto3.client("sqs", region_name=REGION)
        answer = sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
        return [json.loads(message["Body"])["detail"] for message in answer.get("Messages", [])]


def _queue_on_the_bus() -> str:
    events, sqs = (
        boto3.client("events", region_name=REGION),
        boto3.client("sqs", region_name=REGION),
    )
    events.create_event_bus(Name="dom")
    url: str = sqs.create_queue(QueueName="seen")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    events.put_rule(Name="all", EventBusName="dom", EventPattern=ALL_EVENTS)
    target = {"Id": "seen", "Arn": arn["QueueArn"]}
    events.put_targets(Rule="all", EventBusName="dom", Targets=[target])
    return url


@pytest.fixture
def stock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stock]:
    for name, value in {
        "EVENT_BUS": "dom",
        "POWERTOOLS_SERVICE_NAME": "availability_projector",
        "POWERTOOLS_METRICS_NAMESPACE": "dom",
        "POWERTOOLS_TRACE_DISABLED": "1",
    }.items():
        monkeypatch.setenv(name, value)
    with moto_tables() as environment:
        sqs = boto3.client("sqs", region_name=REGION)
        routing = sqs.create_queue(QueueName="routing")["QueueUrl"]
        monkeypatch.setenv("ROUTING_QUEUE_URL", routing)
        changes = sqs.create_queue(QueueName="changes")["QueueUrl"]
        monkeypatch.setenv("CHANGES_QUEUE_URL", changes)
        yield Stock(environment["INVENTORY_TABLE"], routing)


def project(records: list[dict[str, Any]]) -> Any:
    app = load_function("availability_projector")
    return app.handler({"Records": records}, LambdaContext("availability_projector"))


def test_new_stock_appears_in_the_document_and_on_the_bus(stock: Stock) -> None:
    stock.move(MUG, "c1", on_hand=5, creates=True)
    assert project(stock.records) == {"batchItemFailures": []}
    assert stock.document(MUG)["locations"] == {"berlin": 5}
    [event] = stock.published()
    assert event["type"] == "InventoryMoved"
    assert event["data"]["on_hand"] == 5 and event["data"]["sku"] == MUG
    assert event["event_id"].endswith("/c1")


def test_records_that_come_late_and_twice_leave_the_newest_figure(stock: Stock) -> None:
    stock.move(MUG, "c1", on_hand=5, creates=True)
    stock.move(MUG, "c2", reserved=2, takes_available=True)
    project(stock.records)
    version = stock.document(MUG)["version"]
    project(list(reversed(stock.records)))
    assert stock.document(MUG)["locations"] == {"berlin": 3}
    assert stock.document(MUG)["version"] == version


def test_the_projectors_own_writes_come_to_nothing(stock: Stock) -> None:
    stock.move(MUG, "c1", on_hand=5, creates=True)
    project(stock.records)
    stock.published()
    stock._record(keys.availability(MUG), None)
    assert project(stock.records[-1:]) == {"batchItemFailures": []}
    assert stock.published() == []


def test_a_bus_that_refuses_brings_the_batch_back_from_its_first_failure(
    stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN two movements, the second of which the bus never takes
    stock.move(MUG, "c1", on_hand=5, creates=True)
    stock.move(MUG, "c2", on_hand=1)
    from dom.aws import inventory_stream

    class Refusing:
        def publish(self, events: list[Any]) -> list[Any]:
            return events[1:]

    refused = inventory_stream.publish_movements(stock.records, Refusing())  # type: ignore[arg-type]
    # THEN Lambda is told to come again from that record on
    assert refused == ["1003"]
    assert inventory_stream.first_of(stock.records, ["1003", "1002"]) == [
        {"itemIdentifier": "1002"}
    ]
    assert inventory_stream.first_of(stock.records, []) == []


def test_stock_that_comes_in_wakes_as_many_orders_as_it_can_serve_the_oldest_first(
    stock: Stock,
) -> None:
    for days, name in enumerate(("ord_young", "ord_old", "ord_older")):
        stock.wait(name, MUG, NOW - timedelta(days=days))
    stock.wait("ord_other", Sku("HAT"))
    stock.move(MUG, "c1", on_hand=2, creates=True)
    project(stock.records)
    assert stock.routed() == ["ord_old", "ord_older"]


def test_a_large_delivery_has_the_line_served_from_its_head(stock: Stock) -> None:
    stock.wait("ord_a", MUG)
    stock.move(MUG, "c1", on_hand=100, creates=True)
    project(stock.records)
    sqs = boto3.client("sqs", region_name=REGION)
    (asked,) = sqs.receive_message(QueueUrl=stock.routing)["Messages"]
    assert json.loads(asked["Body"]) == {"serve": MUG}


def test_what_is_still_not_there_or_becomes_less_wakes_nobody(stock: Stock) -> None:
    stock.wait("ord_a", MUG)
    stock.move(MUG, "c1", on_hand=1, unsellable=1, creates=True)
    stock.move(MUG, "c2", on_hand=1)
    stock.routed()
    project(stock.records[:2])
    assert stock.routed() == []
    project(stock.records[2:])
    assert stock.routed() == ["ord_a"]
    stock.move(MUG, "c3", on_hand=-1)
    project(stock.records[4:])
    assert stock.routed() == []
    stock.move(MUG, "c4", on_hand=2)
    project(stock.records[6:])
    assert stock.routed() == ["ord_a"]


def test_an_order_that_waits_no_longer_is_not_woken(stock: Stock) -> None:
    stock.wait("ord_a", MUG)
    waiting = OrderStore(stock.dynamodb, "OrdersTable").load("ord_a")
    assert waiting
    found = waiting.lines[0].moved(Bucket.BACKORDERED, Bucket.ALLOCATED, 1)
    stock.ledger.commit(Commit("routed", NOW, "test", orders=(waiting.with_lines([found]),)))
    stock.move(MUG, "c1", on_hand=1, creates=True)
    project(stock.records)
    assert stock.routed() == []


def test_lines_are_read_only_where_somebody_waits(
    stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    first = LineStore.first
    note = lambda store, sku, most: (read.append(sku), first(store, sku, most))[1]  # noqa: E731
    monkeypatch.setattr(LineStore, "first", note)
    stock.wait("ord_a", MUG)
    for sku in (HAT, MUG):
        stock.move(sku, f"c_{sku}", on_hand=1, creates=True)
    project(stock.records)
    assert read == [MUG]


def test_a_queue_that_is_gone_stops_neither_projection_nor_events(
    stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock.wait("ord_a", MUG)
    monkeypatch.setenv("ROUTING_QUEUE_URL", stock.routing + "-gone")
    stock.move(MUG, "c1", on_hand=1, creates=True)
    assert project(stock.records) == {"batchItemFailures": []}
    assert stock.document(MUG)["locations"] == {"berlin": 1}
    assert len(stock.published()) == 1


@dataclass
class Told:
    """The queue of SKUs that channels show."""

    url: str
    outlets: OutletStore

    def skus(self) -> list[str]:
        """What was announced, taken."""
        sqs = boto3.client("sqs", region_name=REGION)
        answer = sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
        found = answer.get("Messages", [])
        for message in found:
            sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"])["sku"] for message in found]


@pytest.fixture
def told(stock: Stock, monkeypatch: pytest.MonkeyPatch) -> Told:
    url = boto3.client("sqs", region_name=REGION).create_queue(QueueName="stock")["QueueUrl"]
    monkeypatch.setenv("STOCK_QUEUE_URL", url)
    network = os.environ["NETWORK_TABLE"]
    return Told(url, OutletStore(boto3.client("dynamodb", region_name=REGION), network))


def test_channels_hear_of_what_moved_once_one_shows_stock(stock: Stock, told: Told) -> None:
    stock.move(MUG, "c1", on_hand=5, creates=True)
    project(stock.records)
    assert told.skus() == []
    told.outlets.save(Outlet("shopify", "acme", "7"), None)
    assert project(stock.records) == {"batchItemFailures": []}
    assert told.skus() == [MUG]


def test_what_channels_did_not_hear_of_comes_again(
    stock: Stock, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.outlets.save(Outlet("shopify", "acme", "7"), None)
    stock.move(MUG, "c1", on_hand=5, creates=True)
    monkeypatch.setattr(Queue, "send_ids", lambda self, name, ids, delay: list(ids))
    [failed] = project(stock.records)["batchItemFailures"]
    position = next(r for r in stock.records if r["dynamodb"]["Keys"]["sk"]["S"] == "POSITION")
    assert failed == {"itemIdentifier": position["dynamodb"]["SequenceNumber"]}


HAT, DAY = Sku("HAT"), NOW.date()
PURCHASE = SupplyOrder(
    SupplyId("po_a"),
    SupplyKind.PURCHASE,
    BERLIN,
    "P-1",
    (SupplyLine(MUG, 10), SupplyLine(HAT, 2)),
    NOW,
    "ops",
    supplier="ACME",
    expected_on=DAY,
)


def test_a_purchase_shows_as_on_its_way_until_it_has_come(stock: Stock) -> None:
    # GIVEN
    order = stock.supply(PURCHASE)
    assert project(stock.records) == {"batchItemFailures": []}
    assert stock.coming(MUG, HAT, Sku("CUP")) == {
        MUG: (Incoming(BERLIN, 10, DAY),),
        HAT: (Incoming(BERLIN, 2, DAY),),
    }
    # WHEN some of one SKU has come
    some = order.with_lines([SupplyLine(MUG, 10, received=4)])
    order = stock.supply(some)
    # THEN the other's document is not even looked at
    assert supply_records(stock.records[-1:])[0].skus == {MUG}
    project(stock.records[-1:])
    assert stock.coming(MUG) == {MUG: (Incoming(BERLIN, 6, DAY),)}
    # AND another day, and then its end, concern all of it
    order = stock.supply(replace(order, expected_on=None))
    project(list(reversed(stock.records)))
    assert stock.coming(MUG, HAT)[HAT] == (Incoming(BERLIN, 2, None),)
    stock.supply(replace(order, status=SupplyStatus.CLOSED))
    project(stock.records[-1:])
    assert stock.coming(MUG, HAT) == {}


def test_whoever_waits_for_what_is_on_its_way_is_looked_at_when_that_or_the_line_moves(
    stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = list[tuple[str, list[str]]]()

    def send_ids(queue: Queue, name: str, ids: list[str], delay: timedelta) -> list[str]:
        sent.append((name, ids))
        return []

    monkeypatch.setattr(Queue, "send_ids", send_ids)
    stock.supply(PURCHASE)
    project(stock.records)
    assert sent == []
    stock.wait("ord_a", HAT)
    (place,) = LineStore(stock.dynamodb, stock.table).line(HAT)
    project(stock.records)
    assert sent == [("waits_for", [HAT])]
    # In a rush one look tells of all that moved before it.
    stock._record(keys.place(HAT, place.rank), None)
    project(stock.records[-1:])
    assert len(sent) == 1
    lines = LineStore(stock.dynamodb, stock.table)
    lines.begin_look(HAT)
    project(stock.records[-1:])
    assert sent[1:] == [("waits_for", [HAT])]
    lines.begin_look(HAT)
    # What is only written anew in its place is no news, or looks would never end.
    image = stock.records[-1]["dynamodb"]["NewImage"]
    stock._record(keys.place(HAT, place.rank), image)
    project(stock.records[-1:])
    assert len(sent) == 2
    stock._record(keys.place(HAT, place.rank), {**image, "units": {"N": "2"}})
    project(stock.records[-1:])
    assert sent[2:] == [("waits_for", [HAT])]
    lines.begin_look(HAT)
    monkeypatch.setattr(Queue, "send_ids", lambda queue, name, ids, delay: ids)
    assert project(stock.records[:1])["batchItemFailures"]


def test_what_changes_nothing_that_should_come_is_not_looked_at(stock: Stock) -> None:
    order = stock.supply(PURCHASE)
    stock.supply(order.served("again"))
    assert supply_records(stock.records[-1:]) == []


def test_where_more_is_spoken_for_than_lies_there_somebody_looks(
    stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    def send_ids(queue: Queue, name: str, ids: list[str], delay: timedelta = NONE) -> list[str]:
        sent.extend(ids if name == "short" else [])
        return []

    monkeypatch.setattr(Queue, "send_ids", send_ids)
    stock.move(MUG, "c1", on_hand=5, reserved=2, safety_stock=4, creates=True)
    stock.move(MUG, "c2", on_hand=-3)
    project(stock.records)
    assert sent == []
    seen = len(stock.records)
    stock.move(MUG, "c3", on_hand=-1)
    project(stock.records[seen:])
    assert [json.loads(one) for one in sent] == [[MUG, BERLIN]]
    # Its end is news, too; what is as short as before is none.
    seen = len(stock.records)
    stock.move(MUG, "c4", safety_stock=-4)
    project(stock.records[seen:])
    assert len(sent) == 1
    stock.move(MUG, "c5", reserved=-1)
    project(stock.records[seen:])
    assert len(sent) == 2
    monkeypatch.setattr(Queue, "send_ids", lambda queue, name, ids, delay=NONE: ids)
    assert project(stock.records[seen:])["batchItemFailures"]
