"""Orders compared with connected accounts, on the real tables, queue and marks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from dom.errors import DomError
from support.api import Backend, backend
from support.functions import load_function
from support.http import LambdaContext
from support.shopify_bodies import shopify_order
from support.tables import REGION

from tools.shop_stand_in import ShopStandIn, shop_stand_in

ACCOUNT = "acme.myshopify.com"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    with backend() as made:
        queue = made.sqs.create_queue(QueueName="stock")["QueueUrl"]
        monkeypatch.setenv("STOCK_QUEUE_URL", queue)
        monkeypatch.setenv("SECRETS_PREFIX", "dom/channels")
        yield made


@pytest.fixture
def shop(api: Backend) -> Iterator[ShopStandIn]:
    with shop_stand_in() as made:
        connect(made, ACCOUNT)
        yield made


def connect(shop: ShopStandIn, account: str) -> None:
    secrets = boto3.client("secretsmanager", region_name=REGION)
    known = json.dumps({"access_token": "shpat_1", "api_url": shop.url})
    secrets.create_secret(Name=f"dom/channels/shopify/{account}", SecretString=known)


def look() -> Any:
    return load_function("order_reconciler").handler({}, LambdaContext())


def recent(body: dict[str, Any]) -> dict[str, Any]:
    """The order as changed ten minutes ago."""
    from datetime import UTC, datetime, timedelta

    at = (datetime.now(UTC) - timedelta(minutes=10)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {**body, "updated_at": at}


def test_an_order_whose_webhook_was_lost_comes_in_once(api: Backend, shop: ShopStandIn) -> None:
    shop.orders.put(recent(shopify_order(("MUG", 1))))
    assert look() == {"brought": 0}
    api.call("PUT", f"/channels/shopify/{ACCOUNT}", {})
    assert look() == {"brought": 1}
    [message] = [json.loads(one) for one in api.messages()]
    assert (message["channel"], message["account"]) == ("shopify", ACCOUNT)
    assert message["topic"] == "orders/updated"
    assert look() == {"brought": 0}
    api.call("PUT", f"/channels/shopify/{ACCOUNT}", {"active": False})
    shop.orders.put(recent(shopify_order(("MUG", 1))))
    assert look() == {"brought": 0}


def test_an_account_that_cannot_be_read_keeps_no_other_waiting(
    api: Backend, shop: ShopStandIn
) -> None:
    shop.orders.put(recent(shopify_order(("MUG", 1))))
    api.call("PUT", "/channels/shopify/aaa.myshopify.com", {})
    api.call("PUT", f"/channels/shopify/{ACCOUNT}", {})
    with pytest.raises(DomError, match="no secret"):
        look()
    assert len(api.messages()) == 1
