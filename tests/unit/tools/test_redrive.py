"""Dead letters go back to what could not handle them, and none is lost on the way."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest
from dom.aws.subscription_store import SubscriptionStore
from dom.model.subscription import SubscriptionStatus
from moto import mock_aws
from support.subscribing import subscription
from support.tables import REGION, moto_tables

from tools.redrive import HANDLERS, redrive
from tools.stack import Stack

STREAM = "arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/2026"
BATCH = {
    "DDBStreamBatchInfo": {
        "streamArn": STREAM,
        "shardId": "shard-1",
        "startSequenceNumber": "200",
        "endSequenceNumber": "300",
    }
}


class Streams:
    """A stream of one shard with records 100, 200, 300 and 400."""

    class exceptions:
        """As boto3 names them."""

        TrimmedDataAccessException = KeyError
        ResourceNotFoundException = LookupError

    def __init__(self, *, trimmed: bool = False) -> None:
        self.trimmed = trimmed

    def get_shard_iterator(self, **asked: str) -> dict[str, str]:
        """An iterator is the number it starts at."""
        if self.trimmed:
            raise KeyError
        assert (asked["StreamArn"], asked["ShardId"]) == (STREAM, "shard-1")
        return {"ShardIterator": asked["SequenceNumber"]}

    def get_records(self, **asked: str) -> dict[str, Any]:
        """One record a page."""
        number = int(asked["ShardIterator"])
        records = [{"dynamodb": {"SequenceNumber": str(number)}}] if number <= 400 else []
        return {"Records": records, "NextShardIterator": str(number + 100)}


class Functions:
    """Remembers what it was invoked with, and answers as it is told."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.answer = answer
        self.seen: list[str] = []

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:
        """Sequence numbers of the records, and the answer."""
        for record in json.loads(Payload)["Records"]:
            assert record["eventSourceARN"] == STREAM
            self.seen.append(record["dynamodb"]["SequenceNumber"])
        return {"Payload": io.BytesIO(json.dumps(self.answer).encode())}


class InMemory(Stack):
    """A stack with queues in memory, named by their logical ids."""

    def __init__(self, sqs: Any, **clients: object) -> None:
        super().__init__("dom")
        self.__dict__["clients"] = {"sqs": sqs, **clients}

    def client(self, service: str, **options: Any) -> Any:
        """The fake."""
        return self.__dict__["clients"][service]

    def resource(self, logical_id: str) -> str:
        """Address of a queue; everything else is its own name."""
        if logical_id.endswith(("Queue", "Dlq")):
            return str(self.client("sqs").create_queue(QueueName=logical_id)["QueueUrl"])
        return logical_id

    def put(self, queue: str, body: str, target: str = "ConfirmQueue") -> None:
        """A message, as the bus puts one that it could not give to the target ("": nobody's)."""
        arn = f"arn:aws:sqs:us-east-1:123456789012:{target}"
        told = {"TARGET_ARN": {"DataType": "String", "StringValue": arn}} if target else {}
        self.client("sqs").send_message(
            QueueUrl=self.resource(queue), MessageBody=body, MessageAttributes=told
        )

    def bodies(self, queue: str) -> list[str]:
        """What can be received now."""
        answer = self.client("sqs").receive_message(
            QueueUrl=self.resource(queue), MaxNumberOfMessages=10
        )
        return [message["Body"] for message in answer.get("Messages", [])]

    def depth(self, queue: str) -> int:
        """Messages, hidden ones too."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.client("sqs").get_queue_attributes(
            QueueUrl=self.resource(queue), AttributeNames=names
        )
        return sum(int(found["Attributes"][name]) for name in names)


@pytest.fixture
def sqs() -> Iterator[Any]:
    """Queues in memory."""
    with mock_aws():
        yield boto3.client(
            "sqs",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )


@pytest.mark.parametrize(
    "name", ["InboundDlq", "RoutingDlq", "ChangesDlq", "NotifyDlq", "ConfirmDlq", "StockDlq"]
)
def test_messages_of_a_queue_go_back_to_it(sqs: Any, name: str) -> None:
    # GIVEN more dead letters than one request returns
    stack, queue = InMemory(sqs), name.replace("Dlq", "Queue")
    for n in range(12):
        stack.put(name, f"message {n}")
    # WHEN they are redriven
    ends = redrive(stack, name)
    # THEN all are in the queue and none is left
    assert ends == {f"sent to {queue}": 12}
    assert stack.depth(queue) == 12
    assert stack.depth(name) == 0


def test_what_is_for_a_paused_subscription_stays_and_for_a_gone_one_goes(sqs: Any) -> None:
    with moto_tables() as environment:
        table = environment["NETWORK_TABLE"]
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        store = SubscriptionStore(dynamodb, table)
        store.save(subscription("sub_active"), None)
        store.save(subscription("sub_paused", status=SubscriptionStatus.PAUSED), None)
        stack = InMemory(boto3.client("sqs", region_name=REGION), dynamodb=dynamodb)
        for name in ("sub_active", "sub_paused", "sub_gone"):
            stack.put("WebhookDlq", json.dumps({"subscription_id": name, "event": {}}), "")
        stack.put("WebhookDlq", json.dumps({"detail": {}}), "")
        stack.put("WebhookDlq", "{", "")

        ends = redrive(stack, "WebhookDlq")

        assert ends == {
            "sent to WebhookQueue": 2,
            "dropped: its subscription is gone": 1,
            "left there: its subscription is paused": 1,
            "left there: it is not JSON": 1,
        }
        assert (stack.depth("WebhookQueue"), stack.depth("WebhookDlq")) == (2, 2)


def test_events_go_to_the_queue_that_the_bus_could_not_reach(sqs: Any) -> None:
    stack = InMemory(sqs)
    stack.resource("ConfirmQueue")
    stack.put("EventsDlq", "one")
    stack.put("EventsDlq", "two", target="")
    assert redrive(stack, "EventsDlq") == {
        "sent to ConfirmQueue": 1,
        "left there: it does not say which queue it was for": 1,
    }
    assert stack.depth("ConfirmQueue") == 1
    assert stack.depth("EventsDlq") == 1


def test_an_empty_dead_letter_queue_is_left_alone(sqs: Any) -> None:
    assert redrive(InMemory(sqs), "InboundDlq") == {}


def test_the_records_that_a_streams_dead_letter_points_at_are_handed_over(sqs: Any) -> None:
    functions = Functions({"batchItemFailures": []})
    stack = InMemory(sqs, dynamodbstreams=Streams(), **{"lambda": functions})
    stack.put("OrdersStreamDlq", json.dumps(BATCH))
    assert redrive(stack, "OrdersStreamDlq") == {"handed to StreamRelayFunction": 1}
    assert functions.seen == ["200", "300"]
    assert stack.depth("OrdersStreamDlq") == 0


def test_a_batch_that_fails_again_stays_where_it_is(sqs: Any) -> None:
    functions = Functions({"batchItemFailures": [{"itemIdentifier": "200"}]})
    stack = InMemory(sqs, dynamodbstreams=Streams(), **{"lambda": functions})
    stack.put("InventoryStreamDlq", json.dumps(BATCH))
    ends = redrive(stack, "InventoryStreamDlq")
    assert ends == {"left there: AvailabilityProjectorFunction failed again": 1}
    assert stack.depth("InventoryStreamDlq") == 1


def test_records_that_the_stream_has_forgotten_are_left_to_the_sweep(sqs: Any) -> None:
    functions = Functions({})
    streams = Streams(trimmed=True)
    stack = InMemory(sqs, dynamodbstreams=streams, **{"lambda": functions})
    stack.put("OrdersStreamDlq", json.dumps(BATCH))
    assert redrive(stack, "OrdersStreamDlq") == {"no longer in the stream: left to the sweep": 1}
    assert functions.seen == []


def test_every_dead_letter_queue_can_be_redriven(sqs: Any) -> None:
    functions = Functions({})
    stack = InMemory(sqs, dynamodbstreams=Streams(), **{"lambda": functions})
    stack.resource("ConfirmQueue")
    for name in HANDLERS:
        stack.put(name, json.dumps(BATCH))
        assert sum(redrive(stack, name).values()) == 1
        assert stack.depth(name) == 0
