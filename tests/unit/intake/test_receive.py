"""The door: who is let in, what is kept, and what strangers can make us do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from dom.api.webhook import Webhook, webhook
from dom.channels import CHANNELS
from dom.channels.shopify import signature
from dom.errors import Busy, InvalidInput, Unauthenticated
from dom.intake.ports import Inbound
from dom.intake.receive import receive
from support.intake import NOW, SHOP

BODY = b'{"id": 1}'
SHOPIFY = CHANNELS["shopify"]


@dataclass
class FakeSecrets:
    """`cached` until renewed."""

    cached: Sequence[str] = ("secret",)
    stored: Sequence[str] = ("secret",)
    asked: list[str] = field(default_factory=list)

    def get(self, channel: str, account: str) -> Sequence[str]:
        self.asked.append(f"{channel}/{account}")
        return self.cached

    def renewed(self, channel: str, account: str) -> Sequence[str]:
        return self.stored


@dataclass
class FakeQueue:
    """What was kept; `broken`: AWS takes nothing."""

    kept: list[Inbound] = field(default_factory=list)
    broken: bool = False

    def send(self, inbound: Inbound) -> None:
        if self.broken:
            raise Busy("no queue")
        self.kept.append(inbound)


def request(secret: str = "secret", account: str = SHOP) -> Webhook:  # noqa: S107
    headers = {
        "x-shopify-topic": "orders/create",
        "x-shopify-shop-domain": SHOP,
        "x-shopify-webhook-id": "w-1",
        "x-shopify-hmac-sha256": signature(secret, BODY),
    }
    return Webhook("shopify", account, headers, BODY)


def test_a_signed_delivery_is_kept_with_what_identifies_it() -> None:
    queue = FakeQueue()

    receive(request(account="ACME.myshopify.com"), SHOPIFY, FakeSecrets(), queue, NOW)

    assert queue.kept == [Inbound("shopify", SHOP, "orders/create", "w-1", NOW, BODY)]


def test_a_secret_rotated_since_it_was_read_is_taken_at_once() -> None:
    queue = FakeQueue()
    secrets = FakeSecrets(cached=["old"], stored=["new", "old"])

    receive(request("new"), SHOPIFY, secrets, queue, NOW)

    assert len(queue.kept) == 1


def test_nothing_is_kept_for_a_stranger() -> None:
    queue = FakeQueue()

    with pytest.raises(Unauthenticated):
        receive(request("stolen"), SHOPIFY, FakeSecrets(), queue, NOW)

    assert queue.kept == []


@pytest.mark.parametrize("account", ["", "../admin", "a/b", "x" * 101, "acme.myshopify.com\n"])
def test_an_account_that_cannot_name_a_secret_is_refused_without_asking_for_it(
    account: str,
) -> None:
    secrets = FakeSecrets()

    with pytest.raises(Unauthenticated):
        receive(request(account=account), SHOPIFY, secrets, FakeQueue(), NOW)

    assert secrets.asked == []


def test_a_broken_queue_is_the_senders_business_to_retry() -> None:
    with pytest.raises(Busy):
        receive(request(), SHOPIFY, FakeSecrets(), FakeQueue(broken=True), NOW)


def test_rest_and_http_api_events_are_read_alike() -> None:
    path = {"channel": "shopify", "account": "acme.myshopify.com"}
    rest = {"pathParameters": path, "headers": {"X-Shopify-Topic": "t"}, "body": "ö\n"}
    http = {
        "version": "2.0",
        "pathParameters": path,
        "headers": {"x-shopify-topic": "t"},
        "body": "w7YK",
        "isBase64Encoded": True,
    }

    assert webhook(rest) == webhook(http)
    assert webhook(http).body == "ö\n".encode()
    assert webhook({"pathParameters": None, "headers": None, "body": None}).body == b""


def test_broken_base64_is_refused() -> None:
    with pytest.raises(InvalidInput):
        webhook({"body": "a", "isBase64Encoded": True})


def test_the_door_reads_json_only_to_answer() -> None:
    body = {"id": 10**30, "price": 0.1}
    raw = json.dumps(body).encode()
    queue = FakeQueue()
    signed = {**request().headers, "x-shopify-hmac-sha256": signature("secret", raw)}

    receive(Webhook("shopify", SHOP, signed, raw), SHOPIFY, FakeSecrets(), queue, NOW)

    assert queue.kept[0].body == raw
