"""Who may speak for a Shopify shop."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from dom.channels import CHANNELS, channel
from dom.channels.shopify import signature
from dom.errors import NotFound, Unauthenticated
from dom.model.clock import from_text
from support.intake import NOW, SHOP

BODY = '{"name":"Zoë \\/ 1.00"}\n'.encode()
HEADERS = {
    "x-shopify-topic": "orders/create",
    "x-shopify-shop-domain": SHOP,
    "x-shopify-webhook-id": "b54557e4",
    "x-shopify-triggered-at": "2026-11-20T18:15:31.123456789Z",
    "x-shopify-hmac-sha256": signature("now", BODY),
}
SHOPIFY = CHANNELS["shopify"]


def verify(headers: Mapping[str, str], body: bytes = BODY, account: str = SHOP) -> object:
    return SHOPIFY.verify(headers, body, account, ["next", "now"], NOW)


def test_the_published_vector_of_the_signature_holds() -> None:
    # github.com/bold-commerce/go-shopify: the client there sends the message as JSON
    assert signature("hush", b'"my secret message"') == (
        "hMTq0K2x7oyOjoBwGYeTj5oxfnaVYXzbanUG9aajpKI="
    )


def test_a_delivery_signed_with_any_current_secret_is_identified() -> None:
    identity = SHOPIFY.verify(HEADERS, BODY, "Acme.MyShopify.com", ["next", "now"], NOW)

    assert (identity.topic, identity.delivery_id) == ("orders/create", "b54557e4")
    assert identity.triggered_at == from_text("2026-11-20T18:15:31.123456Z")


@pytest.mark.parametrize(
    "changes",
    [
        {"x-shopify-hmac-sha256": ""},
        {"x-shopify-hmac-sha256": signature("stolen", BODY)},
        {"x-shopify-hmac-sha256": "ünïcode"},
        {"x-shopify-shop-domain": "other.myshopify.com"},
        {"x-shopify-shop-domain": "acme"},
        {"x-shopify-shop-domain": ""},
    ],
)
def test_a_wrong_signature_or_another_shop_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(Unauthenticated):
        verify({**HEADERS, **changes})


def test_one_changed_byte_is_refused() -> None:
    with pytest.raises(Unauthenticated):
        verify(HEADERS, BODY.rstrip(b"\n"))


def test_without_secrets_nobody_is_believed() -> None:
    headers = {**HEADERS, "x-shopify-hmac-sha256": signature("", BODY)}

    with pytest.raises(Unauthenticated):
        SHOPIFY.verify(headers, BODY, SHOP, [], NOW)


def test_a_delivery_without_an_id_is_known_by_its_content() -> None:
    headers = {name: value for name, value in HEADERS.items() if "webhook-id" not in name}

    first = SHOPIFY.verify(headers, BODY, SHOP, ["now"], NOW)
    again = SHOPIFY.verify(headers, BODY, SHOP, ["now"], NOW)

    assert first.delivery_id == again.delivery_id != ""


def test_the_api_is_no_webhook_and_unknown_channels_do_not_exist() -> None:
    with pytest.raises(NotFound):
        CHANNELS["api"].verify({}, b"", "any", [], NOW)
    with pytest.raises(NotFound):
        channel("fax")
