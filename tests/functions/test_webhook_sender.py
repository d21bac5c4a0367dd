"""Events from the bus to subscribers, on tables and queues: signed, each on its own, none lost."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from dom.aws.deliveries import delivery_of
from dom.aws.queues import Queue
from dom.aws.subscription_store import SubscriptionStore
from dom.errors import Busy
from dom.http import outside
from dom.model.clock import system_clock
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sqs import sqs_backends
from support.api import Backend, backend
from support.builders import NOW
from support.functions import load_function
from support.http import LambdaContext
from support.subscribing import event
from support.tables import REGION

from tools.subscriber_stand_in import SubscriberStandIn, subscriber_stand_in

Json = dict[str, Any]


class Sender:
    """The function and its queues."""

    def __init__(self, api: Backend, patch: pytest.MonkeyPatch) -> None:
        self.api, self.sqs = api, boto3.client("sqs", region_name=REGION)
        self.urls = {}
        for name in ("WEBHOOK_QUEUE_URL", "WEBHOOK_DLQ_URL"):
            self.urls[name] = self.sqs.create_queue(QueueName=name)["QueueUrl"]
            patch.setenv(name, self.urls[name])
        self.function = load_function("webhook_sender")

    def subscribe(self, url: str, **more: Any) -> str:
        """A subscription that goes to something on this machine."""
        wanted = {"url": "https://hooks.example.com/x", "event_types": ["*"], **more}
        name = str(self.api.call("POST", "/subscriptions", wanted).json["subscription_id"])
        secrets = boto3.client("secretsmanager", region_name=REGION)
        secret = f"dom/subscriptions/{name}"
        stored = json.loads(secrets.get_secret_value(SecretId=secret)["SecretString"])
        secrets.put_secret_value(SecretId=secret, SecretString=json.dumps({**stored, "url": url}))
        return name

    def show(self, name: str) -> Json:
        """The subscription, as the API shows it."""
        found: Json = self.api.call("GET", f"/subscriptions/{name}").json
        return found

    def handle(self, *bodies: Json | str) -> list[str]:
        """Numbers of the messages that must come again."""
        records = [
            {"messageId": str(n), "body": body if isinstance(body, str) else json.dumps(body)}
            for n, body in enumerate(bodies)
        ]
        answer: Any = self.function.handler({"Records": records}, LambdaContext())
        return [one["itemIdentifier"] for one in answer["batchItemFailures"]]

    def waiting(self, name: str = "WEBHOOK_QUEUE_URL") -> list[Json]:
        """Take what is in a queue, delayed or not."""
        queue = sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues[name]
        found = [json.loads(message.body) for message in queue._messages]
        queue._messages.clear()
        return found

    def dead(self) -> list[Json]:
        """Take what lies with the dead letters."""
        return self.waiting("WEBHOOK_DLQ_URL")

    def publish(self, *told: Json) -> None:
        """Events of the bus, and one attempt at all that follows."""
        assert self.handle(*({"detail": one} for one in told)) == []
        assert self.handle(*self.waiting()) == []


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sender]:
    with backend() as api:
        yield Sender(api, monkeypatch)


@pytest.fixture
def alice() -> Iterator[SubscriberStandIn]:
    with subscriber_stand_in() as made:
        yield made


@pytest.fixture
def bob() -> Iterator[SubscriberStandIn]:
    with subscriber_stand_in() as made:
        yield made


def test_each_hears_what_it_wants_as_it_was_published(
    sender: Sender, alice: SubscriberStandIn, bob: SubscriberStandIn
) -> None:
    sender.subscribe(alice.url)
    sender.subscribe(bob.url, event_types=["OrderCancelled"])
    placed, cancelled = event(data={"note": "Größe ☕"}), event("OrderCancelled")
    sender.publish(placed, cancelled)
    assert sorted(alice.types()) == ["OrderCancelled", "OrderPlaced"]
    assert bob.types() == ["OrderCancelled"]
    assert placed in [asked.body for asked in alice.heard]
    assert sender.waiting() == sender.dead() == []


def test_what_comes_twice_has_the_same_id(sender: Sender, alice: SubscriberStandIn) -> None:
    sender.subscribe(alice.url)
    alice.failures = [500]
    sender.publish(event())
    (again,) = sender.waiting()
    due = {**again, "due": None}
    sender.handle(due, due, {"subscription_id": again["subscription_id"], "event": event()})
    assert len(alice.heard) == 4
    assert {asked.headers["webhook-id"] for asked in alice.heard} == {event()["event_id"]}


def test_one_that_answers_500_comes_again_alone_and_its_health_shows(
    sender: Sender, alice: SubscriberStandIn, bob: SubscriberStandIn
) -> None:
    name = sender.subscribe(alice.url)
    sender.subscribe(bob.url)
    alice.status = 500
    sender.publish(event())
    (again,) = sender.waiting()
    assert (again["subscription_id"], again["attempts"]) == (name, 1)
    shown = sender.show(name)
    assert (shown["failures"], shown["last_failure"]) == (1, "HTTP 500")
    assert len(bob.heard) == 1
    # It is early, and so it only waits on.
    assert sender.handle(again) == []
    assert (len(alice.heard), sender.waiting()) == (1, [again])
    alice.status = 200
    assert sender.handle({**again, "due": None}) == []
    shown = sender.show(name)
    assert (shown["failures"], shown["failing_since"], shown["last_failure"]) == (0, None, "")


def test_one_that_hangs_is_left_and_rests(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, bob: SubscriberStandIn
) -> None:
    monkeypatch.setattr(outside, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as hangs:
        name = sender.subscribe(f"http://127.0.0.1:{hangs.getsockname()[1]}")
        sender.subscribe(bob.url)
        for n in range(4):
            sender.publish(event(f"E{n}"))
            sender.waiting()
    assert len(bob.heard) == 4
    shown = sender.show(name)
    assert shown["failures"] == 3
    assert "no answer from 127.0.0.1" in shown["last_failure"]


def test_one_that_is_gone_is_paused_and_its_events_are_kept(
    sender: Sender, alice: SubscriberStandIn
) -> None:
    name = sender.subscribe(alice.url)
    alice.status = 410
    sender.publish(event())
    sender.publish(event("OrderCancelled"))
    assert (sender.show(name)["status"], len(alice.heard)) == ("paused", 1)
    kept = sender.dead()
    assert [one["event"]["type"] for one in kept] == ["OrderPlaced", "OrderCancelled"]
    assert set(kept[0]) == {"subscription_id", "event"}

    alice.status = 200
    sender.api.call("PATCH", f"/subscriptions/{name}", {"status": "active"})
    assert sender.handle(*kept) == []
    assert sorted(alice.types()) == ["OrderCancelled", "OrderPlaced", "OrderPlaced"]
    assert sender.waiting() == sender.dead() == []


@pytest.mark.parametrize("after", ["600", "Fri, 31 Dec 9999 23:59:59 GMT", "soon", "-1", "9" * 400])
def test_retry_after_is_heeded_as_far_as_it_makes_sense(
    sender: Sender, alice: SubscriberStandIn, after: str
) -> None:
    name = sender.subscribe(alice.url)
    alice.status, alice.headers = 429, {"Retry-After": after}
    before = system_clock()
    sender.publish(event())
    (again,) = sender.waiting()
    due = delivery_of(again, before).due
    assert due
    least, most = {"600": (600, 620), "Fri": (3600, 3620)}.get(after[:3], (0, 15))
    assert timedelta(seconds=least) <= due - before <= timedelta(seconds=most)
    assert sender.show(name)["last_failure"] == "HTTP 429"


def test_after_a_day_it_lies_with_the_dead_letters(
    sender: Sender, alice: SubscriberStandIn
) -> None:
    sender.subscribe(alice.url)
    alice.status = 500
    sender.publish(event())
    (again,) = sender.waiting()
    old = "2026-01-01T00:00:00.000000Z"
    assert sender.handle({**again, "since": old, "due": old}) == []
    assert [one["event"] for one in sender.dead()] == [event()]


def test_what_cannot_be_read_stops_no_neighbor(sender: Sender, alice: SubscriberStandIn) -> None:
    name = sender.subscribe(alice.url)
    good = {"subscription_id": name, "event": event()}
    assert sender.handle("{", good, {}, {"detail": {}}) == ["0", "2", "3"]
    assert len(alice.heard) == 1


def test_where_secrets_cannot_be_read_nothing_is_held_against_the_subscriber(
    sender: Sender, alice: SubscriberStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = sender.subscribe(alice.url)
    desk = sender.function._desk()
    secrets = desk.tell.__self__.secrets

    def throttled(**_: object) -> None:
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "GetSecretValue")

    with monkeypatch.context() as patch:
        patch.setattr(secrets.client, "get_secret_value", throttled)
        assert sender.handle({"subscription_id": name, "event": event()}) == ["0"]
    assert sender.show(name)["failures"] == 0
    assert sender.handle({"subscription_id": name, "event": event()}) == []
    assert len(alice.heard) == 1


def test_one_without_a_secret_fails_and_says_why(sender: Sender, alice: SubscriberStandIn) -> None:
    name = sender.subscribe(alice.url)
    client = boto3.client("secretsmanager", region_name=REGION)
    client.delete_secret(SecretId=f"dom/subscriptions/{name}", ForceDeleteWithoutRecovery=True)
    sender.publish(event())
    assert "no secret" in sender.show(name)["last_failure"]
    assert len(sender.waiting()) == 1 and not alice.heard


def test_what_fails_side_by_side_is_one_trouble(sender: Sender, alice: SubscriberStandIn) -> None:
    name = sender.subscribe(alice.url)
    store = SubscriptionStore(
        boto3.client("dynamodb", region_name=REGION), os.environ["NETWORK_TABLE"]
    )
    for round_ in (1, 2, 3):
        found = store.find(name)
        assert found
        counted = [store.failed(found, NOW, "HTTP 503", None) for _ in range(10)]
        assert [one.failures for one in counted if one] == [round_]


class Sqs:
    """SQS as it fails: some of a batch, or all of it; its limits are those of AWS."""

    def __init__(self, failed: int = 0, broken: bool = False) -> None:
        self.failed, self.broken = failed, broken
        self.sizes: list[tuple[int, int]] = []

    def send_message_batch(self, QueueUrl: str, Entries: list[Json]) -> Json:
        sizes = [len(one["MessageBody"].encode()) for one in Entries]
        assert len(Entries) <= 10 and sum(sizes) <= 1_048_576
        assert all(0 <= one["DelaySeconds"] <= 900 for one in Entries)
        self.sizes.append((len(sizes), sum(sizes)))
        if self.broken:
            raise ClientError({"Error": {"Code": "ServiceUnavailable"}}, "SendMessageBatch")
        return {"Failed": [{"Id": "0"}] * self.failed}


@pytest.mark.parametrize("sqs", [Sqs(failed=1), Sqs(broken=True)])
def test_what_the_queue_does_not_take_is_busy(sqs: Sqs) -> None:
    with pytest.raises(Busy):
        Queue(sqs, "url").send_all([{"a": 1}], timedelta(hours=2))


def test_batches_fit_into_a_request_however_large_events_are() -> None:
    sqs = Sqs()
    Queue(sqs, "url").send_all([{"a": "x" * 250_000}] * 7 + [{"a": 1}] * 25, timedelta())
    assert sum(number for number, _ in sqs.sizes) == 32
    assert max(number for number, _ in sqs.sizes) == 10
