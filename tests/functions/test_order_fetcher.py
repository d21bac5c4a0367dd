"""Orders that events only name, read from their channel: on the real queue, bucket and secrets."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from dom.aws.inbound import InboundReader
from support.api import Backend, backend
from support.code import ROOT
from support.functions import load_function
from support.http import LambdaContext
from support.tables import REGION

from tools.amazon_stand_in import AmazonStandIn, amazon_stand_in

CHANGE: dict[str, Any] = json.loads((ROOT / "events/amazon/order-change.json").read_text())
ORDER: dict[str, Any] = json.loads((ROOT / "events/amazon/order.json").read_text())


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    with backend() as made:
        monkeypatch.setenv("SECRETS_PREFIX", "dom/channels")
        yield made


@pytest.fixture
def amazon(api: Backend) -> Iterator[AmazonStandIn]:
    with amazon_stand_in() as made:
        made.orders["114-2222222-3333333"] = ORDER
        secret = {"consumer_key": "id", "consumer_secret": "s", "refresh_token": made.url}
        boto3.client("secretsmanager", region_name=REGION).create_secret(
            Name="dom/channels/amazon/a2examplesellr",
            SecretString=json.dumps({**secret, "api_url": made.url}),
        )
        yield made


def fetch(*messages: dict[str, Any]) -> list[str]:
    """The numbers of the messages that must come again."""
    records = [{"messageId": str(n), "body": json.dumps(m)} for n, m in enumerate(messages)]
    answer = load_function("order_fetcher").handler({"Records": records}, LambdaContext())
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def by(seller: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(json.dumps(CHANGE))
    body["Payload"]["OrderChangeNotification"]["SellerId"] = seller
    return body


def test_a_named_order_is_read_and_queued_as_a_webhook_would_be(
    api: Backend, amazon: AmazonStandIn
) -> None:
    assert fetch(CHANGE, CHANGE) == []

    (message,) = api.messages()
    event = InboundReader(None, "").read(message)
    assert (event.channel, event.account, event.topic) == ("amazon", "a2examplesellr", "order")
    assert json.loads(event.body) == ORDER


def test_a_busy_vendor_is_asked_again_later(api: Backend, amazon: AmazonStandIn) -> None:
    amazon.failures = [429]

    assert fetch(CHANGE) == ["0"]

    assert not api.messages()


def test_a_seller_whom_nobody_connected_is_parked_and_others_are_not(
    api: Backend, amazon: AmazonStandIn
) -> None:
    assert fetch(by("A9STRANGER"), CHANGE) == []

    assert len(api.messages()) == 1
    found = api.dynamodb.scan(TableName=os.environ["INBOX_TABLE"])["Items"]
    (parked,) = [one for one in found if one["key"]["S"].startswith("parked#")]
    assert "dom/channels/amazon/a9stranger" in parked["reason"]["S"]
