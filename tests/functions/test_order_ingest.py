"""Ingest as deployed: SQS messages in, orders in the table, poison in the parking lot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from dom.aws.codec import from_plain
from dom.aws.control_store import ControlStore
from dom.aws.dynamo import unmarshal
from dom.aws.inbound import InboundReader, InboundSender
from dom.aws.parking import ParkingLot
from dom.aws.product_store import DynamoProductStore
from dom.aws.stock_store import StockStore
from dom.errors import NotFound
from dom.intake.ports import Inbound
from dom.model.as_sold import sold
from dom.model.control import Control, ControlKind
from dom.model.ids import Sku
from dom.model.order import HoldReason, Order
from dom.model.product import Product
from dom.model.totals import order_total
from dom.network.put_product import put_product
from support.code import ROOT
from support.functions import load_function
from support.http import LambdaContext
from support.intake import NOW, buckets, inbound, order_from, sample
from support.kits import kit
from support.tables import REGION, moto_tables


@dataclass
class Stack:
    """Tables, queue and bucket in moto."""

    tables: dict[str, str]
    url: str

    def __post_init__(self) -> None:
        self.dynamodb, self.s3, self.sqs = (
            boto3.client(name, region_name=REGION)  # type: ignore[call-overload]
            for name in ("dynamodb", "s3", "sqs")
        )
        self.sender = InboundSender(self.sqs, self.s3, self.url, "raw")
        self.lot = ParkingLot(self.dynamodb, self.s3, self.tables["INBOX_TABLE"], "raw")

    def ingest(self, *events: Inbound) -> list[str]:
        """Send the events, take them as one batch; returns the numbers of those that failed."""
        for event in events:
            self.sender.send(event)
        messages: list[Any] = []
        while got := self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            messages += got
        return self.handle(*(message["Body"] for message in messages))

    def handle(self, *bodies: str) -> list[str]:
        records = [{"messageId": str(n), "body": body} for n, body in enumerate(bodies)]
        answer = load_function("order_ingest").handler({"Records": records}, LambdaContext())
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def orders(self) -> list[Order]:
        return [
            from_plain(Order, item)
            for item in self.items("ORDERS_TABLE")
            if item["item"] == "ORDER"
        ]

    def items(self, table: str) -> list[dict[str, Any]]:
        found = self.dynamodb.scan(TableName=self.tables[table], ConsistentRead=True)["Items"]
        return [unmarshal(item) for item in found]

    def parked(self) -> list[dict[str, Any]]:
        return [one for one in self.items("INBOX_TABLE") if one["key"].startswith("parked#")]


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """The stack's part that ingest uses."""
    with moto_tables() as tables:
        url = boto3.client("sqs", region_name=REGION).create_queue(QueueName="in")["QueueUrl"]
        boto3.client("s3", region_name=REGION).create_bucket(Bucket="raw")
        monkeypatch.setenv("RAW_BUCKET", "raw")
        yield Stack(tables, url)


PAID = inbound("orders/paid", sample("orders-paid"), "p-1", triggered_at=NOW)


def test_the_same_delivery_five_times_makes_one_order_read_back_as_it_was_meant(
    stack: Stack,
) -> None:
    assert stack.ingest(*[PAID] * 5) == []

    (order,) = stack.orders()
    assert order.version == 1
    assert buckets(order) == {"14900000000001": {"pending": 1}, "14900000000002": {"pending": 2}}
    claims = [one["key"] for one in stack.items("INBOX_TABLE")]
    assert claims == ["claim#shopify#acme.myshopify.com#orders/paid#p-1"]


def test_two_orders_of_one_customer_carry_one_mark_and_no_word_of_it(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = boto3.client("secretsmanager", region_name=REGION)
    secrets.create_secret(Name="dom/recipients", SecretString="k" * 64)
    monkeypatch.setenv("RECIPIENT_SECRET", "dom/recipients")
    body = sample("orders-paid")
    again = inbound("orders/paid", {**body, "id": body["id"] + 1}, "p-2", triggered_at=NOW)
    assert stack.ingest(PAID, again) == []
    marks = [group.recipient for order in stack.orders() for group in order.ship_groups]
    assert len(marks) == 2 and len(set(marks)) == 1 and marks[0]
    stored = [one for one in stack.items("ORDERS_TABLE") if one["item"] == "ORDER"]
    assert body["shipping_address"]["address1"] not in json.dumps(stored, default=str)


def test_what_a_channel_buys_of_its_ring_fence_is_counted_there(stack: Stack) -> None:
    body = sample("orders-paid")
    line = body["line_items"][1]
    sku, placed = Sku(line["sku"]), datetime.fromisoformat(body["created_at"])
    fence = Control(
        "drop",
        ControlKind.RING_FENCE,
        5,
        frozenset({sku}),
        channels=frozenset({"shopify"}),
        starts_at=placed - timedelta(hours=1),
    )
    store = ControlStore(stack.dynamodb, stack.tables["NETWORK_TABLE"])
    store.save(fence, None)

    assert stack.ingest(PAID, PAID) == []

    (order,) = stack.orders()
    assert order.fences == {sku: fence.fence}
    stock = StockStore(stack.dynamodb, stack.tables["INVENTORY_TABLE"])
    assert stock.sold([(sku, fence.fence)]) == {sku: {fence.fence: line["quantity"]}}


def test_an_order_of_a_kit_is_stored_as_its_components_and_changed_as_one_line(
    stack: Stack,
) -> None:
    body = sample("orders-paid")
    line = body["line_items"][1]
    products = DynamoProductStore(stack.dynamodb, stack.tables["INVENTORY_TABLE"])
    put_product(kit(line["sku"], POT=1, CUP=4), products)
    assert stack.ingest(PAID, PAID) == []
    (order,) = stack.orders()
    name = str(line["id"])
    parts = {f"{name}-c1": {"pending": 2}, f"{name}-c2": {"pending": 8}}
    assert buckets(order) == {"14900000000001": {"pending": 1}, **parts}
    assert [(one.line_id, one.sku) for one in order.kits] == [(name, line["sku"])]
    # The money of the order is what it was without kits.
    assert order_total(order) == order_total(order_from(("orders/paid", body)))
    assert buckets(sold(order))[name] == {"pending": 2}
    # WHEN the product is something else by now, and the shop takes one off
    put_product(Product(Sku(line["sku"])), products)
    line["current_quantity"] = 1
    body["updated_at"] = "2030-01-01T00:00:00Z"
    assert stack.ingest(inbound("orders/updated", body, "u-1", triggered_at=NOW)) == []
    (order,) = stack.orders()
    assert buckets(sold(order))[name] == {"pending": 1, "cancelled": 1}
    stock = StockStore(stack.dynamodb, stack.tables["INVENTORY_TABLE"])
    assert stock.demand(["POT", "CUP", line["sku"]]) == {"POT": 1, "CUP": 4}


def test_events_out_of_order_make_one_order_in_the_latest_state(stack: Stack) -> None:
    told = [
        inbound("refunds/create", sample("orders-cancelled")["refunds"][0], "r-1"),
        inbound("orders/cancelled", sample("orders-cancelled"), "c-1"),
        inbound("orders/edited", sample("orders-edited"), "e-1"),
        PAID,
        inbound("orders/create", sample("orders-create"), "o-1"),
    ]

    assert stack.ingest(*told) == []

    (order,) = stack.orders()
    assert (order.status.value, order.hold_reason) == ("cancelled", None)
    assert stack.ingest(*reversed(told)) == []
    assert [again.version for again in stack.orders()] == [order.version]


def test_a_poison_message_is_parked_with_its_reason_and_its_neighbors_go_on(stack: Stack) -> None:
    poison = inbound("orders/create", {**sample("kwd"), "line_items": "none"}, "bad-1")

    assert stack.ingest(PAID, poison, poison, inbound("orders/create", sample("jpy"), "j-1")) == []

    assert {order.currency for order in stack.orders()} == {"USD", "JPY"}
    (parked,) = stack.parked()
    assert (parked["status"], parked["field"]) == ("PARKED", "line_items")
    assert (parked["topic"], parked["delivery_id"]) == ("orders/create", "bad-1")
    kept = stack.s3.get_object(Bucket="raw", Key=parked["s3_key"])["Body"].read()
    assert kept == poison.body


def test_what_was_parked_can_be_replayed_and_is_understood_by_a_later_version(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN an order of a channel that this version does not know
    stack.ingest(inbound("orders/create", sample("jpy"), "late-1", channel="shopify-plus"))
    (parked,) = stack.parked()
    digest = parked["key"].removeprefix("parked#")

    # WHEN it is replayed after a version that knows it was deployed
    from dom import channels

    known = {**channels.CHANNELS, "shopify-plus": channels.CHANNELS["shopify"]}
    monkeypatch.setattr(channels, "CHANNELS", known)
    stack.lot.replay(digest, stack.sender, NOW)
    assert stack.ingest() == []

    # THEN it is an order, and the parked item says so
    assert [order.currency for order in stack.orders()] == ["JPY"]
    assert [one["status"] for one in stack.parked()] == ["REPLAYED"]


def test_replaying_what_was_never_parked_is_refused(stack: Stack) -> None:
    with pytest.raises(NotFound):
        stack.lot.replay("0" * 64, stack.sender, NOW)


def test_a_message_that_is_not_ours_is_parked_too(stack: Stack) -> None:
    assert stack.handle("not json", "[]", '{"channel": "shopify"}', "1") == []

    assert len(stack.parked()) == 4
    assert {one["channel"] for one in stack.parked()} == {"unknown"}


def test_a_large_event_comes_from_the_bucket_and_fails_while_it_cannot_be_read(
    stack: Stack,
) -> None:
    body = {**sample("jpy"), "note": "ü" * 100_000}
    assert stack.ingest(inbound("orders/create", body, "big-1")) == []
    assert len(stack.orders()) == 1

    message = raw_message(stack, inbound("orders/create", sample("kwd"), "gone-1"))
    gone = {**json.loads(message), "body_s3": "inbound/gone"}
    del gone["body"]
    assert stack.handle(json.dumps(gone), message) == ["0"]
    assert {order.currency for order in stack.orders()} == {"JPY", "KWD"}


def test_bytes_that_are_no_text_go_through_the_queue_unharmed(stack: Stack) -> None:
    event = inbound("products/update", b"\xff\xfe not text \x00")

    assert InboundReader(stack.s3, "raw").read(raw_message(stack, event)) == event


def raw_message(stack: Stack, event: Inbound) -> str:
    """The event as it stands in the queue."""
    stack.sender.send(event)
    got = stack.sqs.receive_message(QueueUrl=stack.url, MaxNumberOfMessages=1)["Messages"]
    return str(got[0]["Body"])


def test_the_environment_decides_what_is_routed(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.ingest(inbound("orders/create", sample("test-order"), "t-1"))
    assert [order.hold_reason for order in stack.orders()] == [HoldReason.MANUAL]

    monkeypatch.setenv("ROUTE_TEST_ORDERS", "true")
    later = {**sample("test-order"), "updated_at": "2026-11-20T11:00:00-08:00"}
    stack.ingest(inbound("orders/updated", later, "t-2"))
    assert [order.hold_reason for order in stack.orders()] == [None]


def test_a_buyers_data_is_deleted_by_the_table_itself_when_its_channel_says(stack: Stack) -> None:
    body = json.loads((ROOT / "events/amazon/order.json").read_text())
    now = datetime.now(UTC)
    window = {"latestDateTime": now.strftime("%Y-%m-%dT%H:%M:%SZ")}
    body["order"]["fulfillment"]["deliverByWindow"] = window
    seller = {"channel": "amazon", "account": "a2examplesellr"}

    assert stack.ingest(inbound("order", body, "o-1", **seller)) == []

    (person,) = [one for one in stack.items("ORDERS_TABLE") if one["item"] == "PERSONAL"]
    assert person["forget_at"] == int((now + timedelta(days=30)).timestamp())
    (key,) = stack.items("KEYS_TABLE")
    assert key["forget_at"] == person["forget_at"]
    assert all("forget_at" not in one for one in stack.items("ORDERS_TABLE") if one != person)
