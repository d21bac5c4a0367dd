"""Shopify: webhooks of one shop, signed with the app's client secret.

Wire contract: https://shopify.dev/docs/apps/build/webhooks/subscribe/https
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dom.channels.protocol import DeliveryIdentity
from dom.channels.signing import digest, mac_base64, require, same
from dom.errors import Unauthenticated
from dom.model.clock import from_text
from dom.model.facts import Erasure, Facts, ReturnNews

SIGNATURE = "x-shopify-hmac-sha256"
SHOP = "x-shopify-shop-domain"
TOPIC = "x-shopify-topic"
# Unique for a delivery and kept by its retries. X-Shopify-Event-Id is not used: all topics that one
# merchant action causes share it, so it would swallow orders/paid after orders/create.
DELIVERY = "x-shopify-webhook-id"
TRIGGERED_AT = "x-shopify-triggered-at"
ORDER = "x-shopify-order-id"
# How Shopify writes it.
signature = mac_base64


class ShopifyChannel:
    """`account` is the full domain of the shop, such as `acme.myshopify.com`."""

    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        account: str,
        secrets: Sequence[str],
        now: datetime,
    ) -> DeliveryIdentity:
        """See `Channel.verify`. Age is not judged: Shopify delivers up to a day late."""
        _check_shop(headers.get(SHOP, ""), account)
        given = headers.get(SIGNATURE, "")
        require(same(signature(one, body), given) for one in secrets)
        return identity(headers, body)

    def parse(self, topic: str, account: str, body: bytes) -> Facts | ReturnNews | Erasure | None:
        """See `Channel.parse`."""
        # Here, since pydantic costs the function that only verifies 100 ms of cold start.
        from dom.channels.shopify_orders import parse
        from dom.channels.shopify_privacy import PARSERS as PRIVACY
        from dom.channels.shopify_returns import PARSERS

        if topic in PARSERS:
            return PARSERS[topic](account.casefold(), body)
        if topic in PRIVACY:
            return PRIVACY[topic](account.casefold(), body)
        return parse(topic, account, body)


def identity(headers: Mapping[str, str], body: bytes) -> DeliveryIdentity:
    """What names a delivery: its headers, by lower-case name, or the same as metadata."""
    return DeliveryIdentity(
        topic=headers.get(TOPIC, "") or "unknown",
        delivery_id=headers.get(DELIVERY, "") or digest(body),
        triggered_at=_moment(headers.get(TRIGGERED_AT, "")),
        ordering_key=headers.get(ORDER, ""),
    )


def _check_shop(shop: str, account: str) -> None:
    if not shop or shop.strip().casefold() != account.casefold():
        raise Unauthenticated("the delivery speaks of another shop")


def _moment(text: str) -> datetime | None:
    try:
        return from_text(text)
    except (ValueError, OverflowError):
        return None
