"""A line that is longer than a batch is served by messages, over the function and its queue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from dom.aws import keys
from dom.aws.dynamo import marshal
from dom.aws.queues import Queue
from dom.routing import line as lines
from dom.routing import serve as serving
from support.api import Backend, backend
from support.builders import NOW, line, order
from support.functions import load_function
from support.http import LambdaContext


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    """Seven orders wait for a mug, and then there are five."""
    for module in (lines, serving):
        monkeypatch.setattr(module, "MOST_AHEAD", 2)
    with backend() as made:
        made.put_location("RENO")
        url = made.sqs.create_queue(QueueName="routing")["QueueUrl"]
        monkeypatch.setenv("ROUTING_QUEUE_URL", url)
        for n in range(7):
            placed = order(f"ord_{n}", line("1"), version=0)
            made.commit(orders=(replace(placed, placed_at=NOW - timedelta(hours=9 - n)),))
            assert run({"order_id": f"ord_{n}"}) == []
        made.call("PUT", "/inventory/RENO/MUG", {"on_hand": 5})
        document = {**keys.availability("MUG"), "sku": "MUG", "version": 1}
        document["locations"] = {"RENO": 5}  # type: ignore[assignment]
        table = made.environment["INVENTORY_TABLE"]
        made.dynamodb.put_item(TableName=table, Item=marshal(document))
        yield made


def run(*messages: Any) -> list[str]:
    """Message ids that come again."""
    records = [{"messageId": str(n), "body": json.dumps(one)} for n, one in enumerate(messages)]
    answer: Any = load_function("order_routing").handler({"Records": records}, LambdaContext())
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def asked(api: Backend) -> list[Any]:
    url = api.sqs.get_queue_url(QueueName="routing")["QueueUrl"]
    found = api.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(one["Body"]) for one in found]


def served(api: Backend) -> list[int]:
    shown = [api.call("GET", f"/orders/ord_{n}").json for n in range(7)]
    return [n for n, one in enumerate(shown) if one["status"] == "allocated"]


def test_the_line_is_served_from_its_head_until_nothing_is_left(api: Backend) -> None:
    assert run({"order_id": "ord_6"}) == []
    assert (served(api), asked(api)) == ([0, 1], [{"serve": "MUG"}])
    assert run({"serve": "MUG"}, {"serve": "MUG"}, {"nothing": 1}) == ["2"]
    assert (served(api), asked(api)) == ([0, 1, 2, 3], [{"serve": "MUG"}])
    assert run({"serve": "MUG"}) == []
    assert (served(api), asked(api)) == ([0, 1, 2, 3, 4], [{"serve": "MUG"}])
    assert run({"serve": "MUG"}) == []
    assert (served(api), asked(api)) == ([0, 1, 2, 3, 4], [])


def test_of_many_lines_some_are_left_to_the_next_batch(api: Backend) -> None:
    assert run(*({"serve": sku} for sku in ("A", "B", "C", "D"))) == []
    assert sorted(one["serve"] for one in asked(api)) == ["C", "D"]


def test_a_queue_that_takes_nothing_does_not_bring_the_batch_again(
    api: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> list[str]:
        raise EndpointConnectionError(endpoint_url="https://sqs")

    monkeypatch.setattr(Queue, "send_ids", refuse)
    assert run({"order_id": "ord_6"}) == []
    assert served(api) == [0, 1]
