"""A shop's secret can be rotated while deliveries signed with the old one are on their way."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from dom.errors import Rejected
from moto import mock_aws

from tools.connect_shopify import _store, allow_calls, connect, webhooks_to
from tools.shop_stand_in import shop_stand_in
from tools.stack import Stack

SHOP = "my-shop.myshopify.com"


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """A stack whose secrets are in memory."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        yield Stack("dom", region="us-east-1")


def stored(stack: Stack) -> list[str]:
    """What the functions read."""
    name = f"dom/channels/shopify/{SHOP}"
    answer = stack.client("secretsmanager").get_secret_value(SecretId=name)
    found: list[str] = json.loads(answer["SecretString"])["webhook_secrets"]
    return found


def test_a_new_shop_has_one_secret(stack: Stack) -> None:
    assert connect(stack, SHOP, "first") == ["first"]
    assert stored(stack) == ["first"]


def test_after_a_rotation_the_new_and_the_last_secret_are_valid(stack: Stack) -> None:
    # GIVEN a shop with a secret
    connect(stack, SHOP, "first")
    # WHEN it is rotated
    connect(stack, SHOP, "second")
    # THEN both count, the new one first
    assert stored(stack) == ["second", "first"]


def test_the_rotation_after_that_ends_the_oldest_secret(stack: Stack) -> None:
    for secret in ("first", "second", "third"):
        connect(stack, SHOP, secret)
    assert stored(stack) == ["third", "second"]


def test_storing_the_current_secret_again_keeps_the_last_one_valid(stack: Stack) -> None:
    for secret in ("first", "second", "second"):
        connect(stack, SHOP, secret)
    assert stored(stack) == ["second", "first"]


def test_a_rotation_keeps_the_token_that_refunds_are_sent_with(stack: Stack) -> None:
    allow_calls(stack, SHOP, "shpat_1")
    connect(stack, SHOP, "first")
    allow_calls(stack, SHOP, "shpat_2")
    name = f"dom/channels/shopify/{SHOP}"
    answer = stack.client("secretsmanager").get_secret_value(SecretId=name)
    known = {"webhook_secrets": ["first"], "access_token": "shpat_2"}
    assert json.loads(answer["SecretString"]) == known


def test_webhooks_are_made_with_the_stored_token_and_sent_to_the_stacks_address(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.connect_shopify.api_url", lambda stack: "https://api.example/v1")
    with pytest.raises(Rejected, match="access_token"):
        webhooks_to(stack, SHOP)
    connect(stack, SHOP, "first")
    allow_calls(stack, SHOP, "shpat_1")
    with shop_stand_in() as shop:
        _store(stack, SHOP, {"api_url": shop.url})
        made = webhooks_to(stack, SHOP)
        address = f"https://api.example/v1/webhooks/shopify/{SHOP}"
        assert ("ORDERS_CREATE", address) in shop.subscriptions.made
        assert len(shop.subscriptions.made) == len(made.new)
