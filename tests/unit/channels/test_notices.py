"""Events that vendors put into our queue themselves."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from dom.aws.inbound import InboundReader, InboundSender
from dom.channels import channel
from dom.channels.notices import notice
from dom.channels.shopify import signature
from dom.model.facts import SeenOrder
from support.builders import NOW
from support.code import ROOT

SHOP = "acme.myshopify.com"


def amazon() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "events/amazon/order-change.json").read_text())
    return found


def by_bus(body: object) -> dict[str, Any]:
    """As EventBridge delivers a webhook of Shopify's."""
    metadata = {
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Shop-Domain": "Acme.myshopify.com",
        "X-Shopify-Webhook-Id": "w-1",
        "X-Shopify-Triggered-At": "2026-11-20T18:30:00.5Z",
        "X-Shopify-Hmac-SHA256": "of no use here",
    }
    return {
        "version": "0",
        "detail-type": "shopifyWebhook",
        "source": "aws.partner/shopify.com/1234/dom",
        "detail": {"payload": body, "metadata": metadata},
    }


@pytest.mark.parametrize("hops", [0, 1, 2])
def test_amazons_notification_is_read_however_it_came(hops: int) -> None:
    message = amazon()
    for _ in range(hops):
        message = {"Type": "Notification", "Message": json.dumps(message)}

    told = notice(message)

    assert told
    assert (told.channel, told.account) == ("amazon", "a2examplesellr")
    assert told.delivery.delivery_id == "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
    assert told.delivery.triggered_at == datetime(2026, 11, 20, 15, 34, 6, 120_000, UTC)
    seen = channel("amazon").parse(told.delivery.topic, told.account, told.body)
    assert isinstance(seen, SeenOrder)


def test_other_notifications_of_amazon_do_not_concern_us() -> None:
    told = notice({**amazon(), "NotificationType": "ANY_OFFER_CHANGED"})

    assert told
    assert channel("amazon").parse(told.delivery.topic, told.account, told.body) is None


def test_a_webhook_by_bus_is_the_same_delivery_as_by_http() -> None:
    body = {"id": 2**60 + 1, "note": "Größe “L”", "price": 12.30}
    raw = json.dumps(body).encode()

    told = notice(by_bus(body))

    assert told
    assert (told.channel, told.account) == ("shopify", SHOP)
    headers = {
        "x-shopify-topic": "orders/create",
        "x-shopify-shop-domain": SHOP,
        "x-shopify-webhook-id": "w-1",
        "x-shopify-triggered-at": "2026-11-20T18:30:00.5Z",
        "x-shopify-hmac-sha256": signature("secret", raw),
    }
    assert told.delivery == channel("shopify").verify(headers, raw, SHOP, ["secret"], NOW)
    assert json.loads(told.body) == body


def test_a_webhook_by_bus_may_hold_half_a_character() -> None:
    told = notice(by_bus({"note": "a smile cut in half: \ud83d"}))

    assert told and json.loads(told.body) == {"note": "a smile cut in half: \ud83d"}


@pytest.mark.parametrize(
    "message",
    [
        {"source": "aws.partner/shopify.com/1", "detail-type": "shopifyWebhook"},
        {"source": "acme.dom", "detail-type": "shopifyWebhook", "detail": {"payload": {}}},
        {"channel": "shopify"},
        ["NotificationType"],
        "NotificationType",
        None,
    ],
)
def test_what_no_vendor_sends_is_no_notice(message: object) -> None:
    assert notice(message) is None


@pytest.mark.parametrize(
    "broken",
    [
        {**amazon(), "Payload": None},
        {**amazon(), "NotificationMetadata": {}},
        {**amazon(), "EventTime": "yesterday"},
        {"Type": "Notification", "Message": "not json"},
        {**by_bus({}), "detail": {"payload": {}}},
        {**by_bus({}), "detail": {"payload": {}, "metadata": []}},
    ],
)
def test_what_only_looks_like_one_is_kept_as_it_is_and_parked(broken: dict[str, Any]) -> None:
    message = json.dumps(broken)

    event = InboundReader(None, "raw", lambda: NOW).read(message)

    assert event.channel == "unknown"
    assert event.body == message.encode()


def test_what_was_not_known_is_sent_again_as_it_came() -> None:
    class Queue:
        sent = ""

        def send_message(self, QueueUrl: str, MessageBody: str) -> None:
            self.sent = MessageBody

    queue, message = Queue(), json.dumps({"a form": "of tomorrow"})
    parked = InboundReader(None, "raw", lambda: NOW).read(message)
    InboundSender(queue, None, "queue", "raw").send(parked)
    assert queue.sent == message


def test_the_reader_takes_it_in_beside_what_came_through_the_door() -> None:
    event = InboundReader(None, "raw", lambda: NOW).read(json.dumps(amazon()))

    assert (event.channel, event.topic, event.received_at) == ("amazon", "ORDER_CHANGE", NOW)
