"""The webhook door as deployed: events in, problem documents or 200 out, messages in the queue."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from dom.channels.shopify import signature
from support.functions import load_function
from support.http import LambdaContext, reply
from support.intake import SHOP, sample
from support.tables import REGION, moto_tables

PREFIX = "dom-test/channels"
SECRET = "current"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A queue, a bucket and one shop's secrets; yields the queue's messages on call."""
    with moto_tables():
        sqs = boto3.client("sqs", region_name=REGION)
        url = sqs.create_queue(QueueName="inbound")["QueueUrl"]
        boto3.client("s3", region_name=REGION).create_bucket(Bucket="raw")
        boto3.client("secretsmanager", region_name=REGION).create_secret(
            Name=f"{PREFIX}/shopify/{SHOP}",
            SecretString=json.dumps({"webhook_secrets": [SECRET, "previous"]}),
        )
        monkeypatch.setenv("INBOUND_QUEUE_URL", url)
        monkeypatch.setenv("RAW_BUCKET", "raw")
        monkeypatch.setenv("SECRETS_PREFIX", PREFIX)
        yield lambda: [
            json.loads(message["Body"])
            for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
                "Messages", []
            )
        ]


def event(raw: bytes, secret: str = SECRET, **rest: Any) -> dict[str, Any]:
    """A REST proxy event of orders/create for our shop."""
    return {
        "httpMethod": "POST",
        "path": f"/webhooks/shopify/{SHOP}",
        "pathParameters": {"channel": "shopify", "account": SHOP},
        "headers": {
            "X-Shopify-Topic": "orders/create",
            "X-Shopify-Shop-Domain": SHOP,
            "X-Shopify-Webhook-Id": "w-1",
            "X-Shopify-Triggered-At": "2026-11-20T18:15:31.5Z",
            "X-Shopify-Hmac-Sha256": signature(secret, raw),
        },
        "body": raw.decode(),
        "isBase64Encoded": False,
        **rest,
    }


def call(request: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = load_function("order_intake").handler(request, LambdaContext())
    return answer


def test_a_signed_webhook_is_answered_200_and_waits_in_the_queue_byte_by_byte(aws: Any) -> None:
    raw = json.dumps(sample("jpy"), ensure_ascii=False).encode()

    for secret in (SECRET, "previous"):
        assert reply(call(event(raw, secret))).status == 200

    message, _ = aws()
    assert message["body"].encode() == raw
    assert {**message, "body": "", "received_at": ""} == {
        "channel": "shopify",
        "account": SHOP,
        "topic": "orders/create",
        "delivery_id": "w-1",
        "received_at": "",
        "triggered_at": "2026-11-20T18:15:31.500000Z",
        "body": "",
    }


def test_a_base64_body_is_decoded_before_it_is_verified(aws: Any) -> None:
    raw = b'{"name": "Zo\xc3\xab"}\n'
    encoded = base64.b64encode(raw).decode()

    assert reply(call(event(raw, body=encoded, isBase64Encoded=True))).status == 200
    assert aws()[0]["body"].encode() == raw


def test_a_forged_webhook_gets_401_leaves_nothing_and_is_counted(
    aws: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = reply(call(event(b"{}", "stolen")))

    assert (answer.status, answer.content_type) == (401, "application/problem+json")
    assert answer.json["title"] == "Unauthorized"
    assert aws() == []
    counted = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert [found["WebhookRefused"] for found in counted] == [[1.0]]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ({"channel": "fax", "account": SHOP}, 404),
        ({"channel": "api", "account": SHOP}, 404),
        ({"channel": "shopify", "account": "other.myshopify.com"}, 401),
        (None, 404),
    ],
)
def test_unknown_channels_are_404_and_unknown_accounts_401(
    aws: Any, path: dict[str, str] | None, status: int
) -> None:
    answer = reply(call(event(b"{}", pathParameters=path)))

    assert (answer.status, answer.json["status"]) == (status, status)
    assert aws() == []


def test_a_body_too_large_for_the_queue_waits_in_the_bucket(aws: Any) -> None:
    raw = json.dumps({"note": "ü" * 100_000}).encode()

    assert reply(call(event(raw))).status == 200

    (message,) = aws()
    assert message["body_s3"].startswith("inbound/")
    found = boto3.client("s3", region_name=REGION).get_object(Bucket="raw", Key=message["body_s3"])
    assert found["Body"].read() == raw


def test_a_queue_that_takes_nothing_is_answered_503(aws: Any) -> None:
    os.environ["INBOUND_QUEUE_URL"] += "-gone"

    assert reply(call(event(b"{}"))).status == 503


def test_the_door_imports_no_pydantic_and_no_event_handler() -> None:
    import subprocess
    import sys

    code = (
        "import sys; sys.path[:0] = ['layers/core', 'functions/order_intake']; import app;"
        "heavy = {'pydantic', 'aws_lambda_powertools.event_handler'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("query", "status"),
    [({"secret": SECRET}, 200), ({"secret": "other"}, 401), ({}, 401), (None, 401)],
)
def test_who_signs_nothing_is_known_by_a_secret_in_the_address(
    aws: Any, query: dict[str, str] | None, status: int
) -> None:
    boto3.client("secretsmanager", region_name=REGION).create_secret(
        Name=f"{PREFIX}/shipstation/main", SecretString=json.dumps({"webhook_secrets": [SECRET]})
    )
    path = {"channel": "shipstation", "account": "main"}
    hook = b'{"resource_type": "SHIP_NOTIFY"}'
    answer = reply(call(event(hook, pathParameters=path, queryStringParameters=query)))

    assert answer.status == status
    assert [one["topic"] for one in aws()] == ["SHIP_NOTIFY"][: status == 200]
