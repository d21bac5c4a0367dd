"""Shipments from the bus to the shop: told with the account's token, and each on its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from dom.aws.outlet_store import OutletStore
from dom.model.authorization import Authorization
from dom.model.fulfillment import FulfillmentStatus, Parcel
from dom.model.order import Bucket
from dom.model.outlet import Capture, Outlet
from support.api import Backend, backend
from support.builders import NOW, line, order, work
from support.functions import load_function
from support.http import LambdaContext
from support.tables import REGION

from tools.shop_stand_in import ShopStandIn, shop_stand_in

GID = "gid://shopify/Order/501"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    with backend() as made:
        monkeypatch.setenv("SECRETS_PREFIX", "dom/channels")
        bought = order("ord_a", line("1", quantity=2, buckets={Bucket.SHIPPED: 2}), version=0)
        bought = replace(bought, account="acme", external_id="501")
        parcels = (Parcel("1Z", "UPS"),)
        sent = [work(n, FulfillmentStatus.SHIPPED, version=0, parcels=parcels) for n in (1, 2)]
        other = replace(bought, order_id="ord_b", channel="webshop")
        theirs = replace(sent[0], id="ord_b-1", order_id="ord_b")
        made.commit(orders=(bought,), fulfillment_orders=tuple(sent))
        made.commit(orders=(other,), fulfillment_orders=(theirs,))
        yield made


@pytest.fixture
def shop() -> Iterator[ShopStandIn]:
    with shop_stand_in() as made:
        made.shipping.expect(GID, {"1": 2})
        yield made


def connect(shop: ShopStandIn, **more: str) -> None:
    secrets = boto3.client("secretsmanager", region_name=REGION)
    known = {"webhook_secrets": ["s"], "api_url": shop.url, **more}
    secrets.create_secret(Name="dom/channels/shopify/acme", SecretString=json.dumps(known))


def tell(*names: str) -> list[str]:
    """Ids of the work that must come again."""
    records = [{"messageId": name, "body": json.dumps({"detail": _detail(name)})} for name in names]
    function = load_function("shipment_confirmer")
    answer: Any = function.handler({"Records": records}, LambdaContext())
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def _detail(name: str) -> dict[str, str]:
    """What the bus says of a shipment, or of an order of which something was cancelled."""
    if "-" in name:
        return {"type": "FulfillmentOrderShipped", "fulfillment_order_id": name}
    if name.endswith("$"):
        return {"type": "PaymentCaptureDue", "order_id": name[:-1]}
    return {"type": "OrderCancelled", "order_id": name}


def test_each_shipment_is_told_once_and_a_poison_one_stops_nobody(
    api: Backend, shop: ShopStandIn
) -> None:
    connect(shop, access_token="shpat_1")
    assert tell("ord_a-1", "ord_z-9", "ord_a-2", "ord_b-1", "ord_a-1") == ["ord_z-9"]
    assert len(shop.shipping.fulfillments[GID]) == 2
    shown = api.call("GET", "/fulfillments/ord_a-1").json
    assert shown["channel_reference"] == "gid://shopify/Fulfillment/1"
    types = [one["type"] for one in api.call("GET", "/orders/ord_a").json["timeline"]]
    assert types.count("ShipmentConfirmed") == 2
    assert api.call("GET", "/fulfillments/ord_b-1").json["channel_reference"] == ""


def test_a_shop_whose_token_was_never_given_is_not_called(api: Backend, shop: ShopStandIn) -> None:
    connect(shop)
    assert tell("ord_a-1") == []
    assert shop.shipping.fulfillments == {}


def test_a_shop_that_is_down_is_told_later(api: Backend, shop: ShopStandIn) -> None:
    connect(shop, access_token="shpat_1")
    shop.failures = [503]
    assert tell("ord_a-1") == ["ord_a-1"]
    assert tell("ord_a-1") == []
    assert len(shop.shipping.fulfillments[GID]) == 1


def test_a_shop_that_stays_down_keeps_no_other_message_waiting(
    api: Backend, shop: ShopStandIn
) -> None:
    connect(shop, access_token="shpat_1")
    shop.failures = [503] * 3
    for _ in range(3):
        assert tell("ord_a-1") == ["ord_a-1"]
    # The shop is up again, but nobody asks it before its rest is over.
    assert tell("ord_a-1", "ord_b-1") == ["ord_a-1"]
    assert shop.shipping.fulfillments == {}
    key = {"key": {"S": "rest#shopify/acme"}}
    table = api.environment["INBOX_TABLE"]
    api.dynamodb.update_item(
        TableName=table,
        Key=key,
        UpdateExpression="SET resting_until = :then",
        ExpressionAttributeValues={":then": {"S": "2026-01-01T00:00:00.000000Z"}},
    )
    assert tell("ord_a-1") == []
    assert "Item" not in api.dynamodb.get_item(TableName=table, Key=key)


def test_an_account_without_a_secret_is_for_a_person(api: Backend) -> None:
    assert tell("ord_a-1") == ["ord_a-1"]


def test_nothing_is_told_while_another_shipment_of_the_order_is(
    api: Backend, shop: ShopStandIn
) -> None:
    connect(shop, access_token="shpat_1")
    item = {"key": "turn#confirm#ord_a", "expires_at": int(NOW.timestamp()) + 10**9}
    api.put_item("INBOX_TABLE", item)
    assert tell("ord_a-1", "ord_a-2") == ["ord_a-1", "ord_a-2"]
    assert shop.shipping.fulfillments == {}


def test_what_is_cancelled_is_taken_off_where_the_account_says_so(
    api: Backend, shop: ShopStandIn
) -> None:
    connect(shop, access_token="shpat_1")
    cancelled = order("ord_c", line("1", quantity=2, buckets={Bucket.CANCELLED: 2}), version=0)
    cancelled = replace(cancelled, account="acme", external_id="502")
    api.commit(orders=(cancelled,))
    shop.cancelling.sell("gid://shopify/Order/502", "1", 2)
    assert tell("ord_c", "ord_nowhere") == ["ord_nowhere"]
    assert shop.cancelling.taken_off == []
    store = OutletStore(api.dynamodb, api.environment["NETWORK_TABLE"])
    assert store.save(Outlet("shopify", "acme", pays_back=True), None)
    assert tell("ord_c", "ord_c") == []
    (told,) = shop.cancelling.taken_off
    assert told["refundLineItems"][0]["quantity"] == 2
    # Where somebody else is at it, it comes again.
    item = {"key": "turn#money#ord_c", "expires_at": int(NOW.timestamp()) + 10**9}
    api.put_item("INBOX_TABLE", item)
    assert tell("ord_c") == ["ord_c"]


def test_what_is_due_is_captured_where_the_account_says_so(api: Backend, shop: ShopStandIn) -> None:
    connect(shop, access_token="shpat_1")
    gone = line("1", quantity=2, buckets={Bucket.SHIPPED: 2})
    money = Authorization(4000, due=3000, void=1000)
    due = order("ord_p", gone, version=0, authorization=money)
    api.commit(orders=(replace(due, account="acme", external_id="503"),))
    guarantee = "gid://shopify/Order/503"
    shop.capturing.authorize(guarantee, "40.00")
    assert tell("ord_p$", "ord_nowhere$") == ["ord_nowhere$"]
    assert shop.capturing.captured(guarantee) == []
    store = OutletStore(api.dynamodb, api.environment["NETWORK_TABLE"])
    paused = Outlet("shopify", "acme", active=False, capture=Capture.AT_SHIP)
    assert store.save(paused, None)
    assert tell("ord_p$") == ["ord_p$"]
    assert store.save(replace(paused, active=True, version=1), paused)
    shop.capturing.declines = 1
    assert tell("ord_p$", "ord_p$") == []
    shown = api.call("GET", "/orders/ord_p").json
    assert shown["payment"]["failed"] == "the payment was declined"
    # WHEN a person has put it right, and asks again
    why = {"reason": "another card"}
    assert api.call("POST", "/orders/ord_p/retry-payment", why).status == 200
    assert tell("ord_p$", "ord_p$") == []
    assert shop.capturing.captured(guarantee) == ["30.00"]
    shown = api.call("GET", "/orders/ord_p").json
    assert (shown["payment"]["captured"], shown["payment"]["voided"]) == (3000, 1000)
    assert api.call("POST", "/orders/ord_p/retry-payment", why).status == 409


def test_what_was_captured_of_an_order_that_is_cancelled_is_paid_back(
    api: Backend, shop: ShopStandIn
) -> None:
    connect(shop, access_token="shpat_1")
    store = OutletStore(api.dynamodb, api.environment["NETWORK_TABLE"])
    outlet = Outlet("shopify", "acme", pays_back=True, capture=Capture.AT_RELEASE)
    assert store.save(outlet, None)
    lines = line("1", quantity=2, buckets={Bucket.PENDING: 2})
    asked = order(
        "ord_q", lines, version=0, authorization=Authorization(3000, due=3000, early=True)
    )
    api.commit(orders=(replace(asked, account="acme", external_id="504"),))
    name = "gid://shopify/Order/504"
    shop.capturing.authorize(name, "30.00")
    shop.cancelling.sell(name, "1", 2, "15.00")
    # GIVEN money that was captured though its answer was lost
    shop.lost = 1
    assert tell("ord_q$") == ["ord_q$"]
    assert api.call("POST", "/orders/ord_q/cancel", {"reason": "changed mind"}).status == 200
    # WHEN the channel hears of the cancellation, THEN it goes back, once
    assert tell("ord_q", "ord_q$", "ord_q") == []
    (told,) = shop.cancelling.taken_off
    assert [part["amount"] for part in told["transactions"]] == ["30.00"]
    assert shop.capturing.captured(name) == ["30.00"]
    shown = api.call("GET", "/orders/ord_q").json
    assert (shown["payment"]["captured"], shown["payment"]["void"]) == (3000, 0)
    assert "more is captured" in shown["payment"]["failed"]
