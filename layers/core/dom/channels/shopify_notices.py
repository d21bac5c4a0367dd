"""Shopify's webhooks by EventBridge: the same bodies, with the headers as metadata.

https://shopify.dev/docs/apps/build/webhooks/subscribe/eventbridge: nothing is signed there; the
partner event source belongs to one app, and Shopify alone can put events on it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from dom.channels.protocol import DeliveryIdentity
from dom.channels.shopify import SHOP, identity

SOURCE = "aws.partner/shopify.com"
DETAIL_TYPE = "shopifyWebhook"


def read(message: Mapping[str, object]) -> tuple[str, DeliveryIdentity, bytes] | None:
    """See `dom.channels.notices.READERS`. A webhook that comes both ways is one delivery."""
    detail = message.get("detail")
    ours = str(message.get("source", "")).startswith(SOURCE)
    if not ours or message.get("detail-type") != DETAIL_TYPE or not isinstance(detail, Mapping):
        return None
    metadata = {str(name).lower(): str(value) for name, value in detail["metadata"].items()}
    body = json.dumps(detail["payload"]).encode()
    return metadata[SHOP].strip().lower(), identity(metadata, body), body
