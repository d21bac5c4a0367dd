"""Money paid back by way of the channel: once, exactly, and visibly refused where it cannot be."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from dom.channels.credentials import Credentials
from dom.channels.refunds import refunder_of
from dom.errors import Busy, Rejected
from dom.http.client import post_json, send
from dom.model.ids import OrderId, ReturnId
from dom.model.money import Money, decimal_text
from dom.model.refund import Refund, RefundLine
from dom.model.return_terms import Disposition, ReturnMethod, ReturnOutcome, ReturnStatus
from dom.model.rma import Return
from support.builders import NOW, order

from tools.shop_stand_in import ShopStandIn, shop_stand_in
from tools.stand_in import Told

LINES = (
    RefundLine("11", 1, 1000, 90, disposition=Disposition.RESTOCK),
    RefundLine("12", 2, 500, disposition=Disposition.DISPOSE),
)
REFUND = Refund(1, NOW, Money(1590, "USD"), LINES)
RETURN = Return(
    ReturnId("ord_a1-R1"),
    OrderId("ord_a1"),
    "shopify",
    "acme.myshopify.com",
    "USD",
    ReturnStatus.DISPOSED,
    ReturnMethod.MAIL,
    ReturnOutcome.REFUND,
    (),
    NOW,
)
ORDER = replace(order("ord_a1"), channel="shopify", external_id="501")
GID = "gid://shopify/Order/501"


@pytest.fixture
def shop() -> Iterator[ShopStandIn]:
    with shop_stand_in() as made:
        made.paid[GID] = "20.00"
        yield made


def pay(shop: ShopStandIn, refund: Refund = REFUND, **changes: Any) -> str:
    known = Credentials("shpat_1", shop.url, f"{shop.url}/refunds", "s3cret")
    told = replace(ORDER, **changes)
    return refunder_of(told.channel)(told, RETURN, refund, known)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(1230, "USD", "12.30"), (1230, "JPY", "1230"), (5, "KWD", "0.005"), (0, "EUR", "0.00")],
)
def test_amounts_have_the_decimals_of_their_currency(minor: int, currency: str, text: str) -> None:
    assert decimal_text(minor, currency) == text


def test_shopify_is_told_lines_stock_and_amount(shop: ShopStandIn) -> None:
    assert pay(shop) == "gid://shopify/Refund/1"
    told = shop.refunds[0]["input"]
    assert told["refundLineItems"] == [
        {"lineItemId": "gid://shopify/LineItem/11", "quantity": 1, "restockType": "RETURN"},
        {"lineItemId": "gid://shopify/LineItem/12", "quantity": 2, "restockType": "NO_RESTOCK"},
    ]
    [part] = told["transactions"]
    assert (part["amount"], part["kind"], part["parentId"]) == ("15.90", "REFUND", f"{GID}/sale")
    assert told["note"] == "Return ord_a1-R1/1"
    assert told["notify"] is False


def test_an_answer_that_was_lost_does_not_pay_twice(shop: ShopStandIn) -> None:
    shop.lost = 1
    with pytest.raises(Busy):
        pay(shop)
    assert pay(shop) == pay(shop) == "gid://shopify/Refund/1"
    assert len(shop.refunds) == 1


def test_delivery_and_store_credit_have_fields_of_their_own(shop: ShopStandIn) -> None:
    pay(shop, replace(REFUND, shipping=400, store_credit=True))
    told = shop.refunds[0]["input"]
    assert told["shipping"] == {"amount": "4.00"}
    credit = {"amount": {"amount": "15.90", "currencyCode": "USD"}}
    assert told["refundMethods"] == [{"storeCreditRefund": credit}]
    assert "transactions" not in told


def test_more_than_the_shop_holds_is_refused_before_anything_is_paid(shop: ShopStandIn) -> None:
    shop.paid[GID] = "10.00"
    with pytest.raises(Rejected, match=r"holds 5\.90 USD less"):
        pay(shop)
    assert shop.refunds == []


def test_what_was_refunded_of_a_payment_is_not_there_any_more(shop: ShopStandIn) -> None:
    pay(shop, replace(REFUND, amount=Money(1500, "USD")))
    with pytest.raises(Rejected, match=r"holds 10\.90 USD less"):
        pay(shop, replace(REFUND, number=2))


@pytest.mark.parametrize(
    ("status", "error"),
    [(429, Busy), (500, Busy), (503, Busy), (401, Rejected), (404, Rejected), (302, Rejected)],
)
@pytest.mark.parametrize("channel", ["shopify", "webshop"])
def test_statuses_are_for_later_or_for_a_person(
    shop: ShopStandIn, status: int, error: type[Exception], channel: str
) -> None:
    shop.failures = [status]
    with pytest.raises(error):
        pay(shop, channel=channel)
    assert shop.refunds == [] and shop.received == []


def test_an_order_that_shopify_does_not_know_is_for_a_person(shop: ShopStandIn) -> None:
    with pytest.raises(Rejected, match="does not know"):
        pay(shop, external_id="999")


@pytest.mark.parametrize(
    ("errors", "error"),
    [
        ([{"message": "Throttled", "extensions": {"code": "THROTTLED"}}], Busy),
        ([{"message": "Access denied", "extensions": {"code": "ACCESS_DENIED"}}], Rejected),
        ("[API] Invalid API key", Rejected),
    ],
)
def test_graphql_errors_come_with_http_200(
    shop: ShopStandIn, monkeypatch: pytest.MonkeyPatch, errors: Any, error: type[Exception]
) -> None:
    monkeypatch.setattr(shop, "answer", lambda _: Told(200, {"errors": errors}))
    with pytest.raises(error):
        pay(shop)


def test_without_credentials_it_says_what_is_missing() -> None:
    for channel, missing in (("shopify", "access_token"), ("webshop", "refund_url")):
        told = replace(ORDER, channel=channel)
        with pytest.raises(Rejected, match=missing):
            refunder_of(channel)(told, RETURN, REFUND, Credentials())


def test_other_channels_get_one_signed_request(shop: ShopStandIn) -> None:
    shop.lost = 1
    with pytest.raises(Busy):
        pay(shop, channel="webshop")
    assert pay(shop, channel="webshop") == "paid-1"
    [received] = shop.received
    headers, body = received["headers"], received["body"]
    assert headers["idempotency-key"] == body["refund_id"] == "ord_a1-R1/1"
    assert body["amount"] == {"amount": 1590, "currency": "USD"}
    told = json.dumps(body, separators=(",", ":"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{told}".encode()
    made = hmac.new(b"s3cret", signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(made).decode()}"


def test_nothing_leaves_in_the_clear_but_to_this_machine(shop: ShopStandIn) -> None:
    with pytest.raises(Rejected, match="not https"):
        send("GET", "http://example.com/", None, {})
    with pytest.raises(Rejected, match="not https"):
        send("GET", "ftp://127.0.0.1/", None, {})
    assert post_json(f"{shop.url}/x", {"a": 1}, {"Idempotency-Key": "k"}).status == 200


def test_no_answer_may_mean_anything_and_is_tried_again() -> None:
    with pytest.raises(Busy, match=r"no answer from 127\.0\.0\.1"):
        send("GET", "http://127.0.0.1:9/", None, {}, seconds=0.5)
