"""WooCommerce: webhooks of one shop, signed with the webhook's secret.

Wire contract: https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks. A delivery's own
id is new for every attempt, and two changes of one second share `date_modified`: the body alone
tells a repeat.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from dom.channels.protocol import DeliveryIdentity
from dom.channels.signing import digest, mac_base64, require, same
from dom.errors import Unauthenticated
from dom.model.facts import Facts

SIGNATURE = "x-wc-webhook-signature"
TOPIC = "x-wc-webhook-topic"
SOURCE = "x-wc-webhook-source"
# How WooCommerce writes it.
signature = mac_base64
# What is sent, without a signature, when the webhook is saved: WordPress wants it answered 200.
_GREETING = re.compile(rb"webhook_id=\d{1,20}")


class WooCommerceChannel:
    """`account` is the host of the shop, such as `shop.example.com`."""

    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        account: str,
        secrets: Sequence[str],
        now: datetime,
    ) -> DeliveryIdentity:
        """See `Channel.verify`. No time is signed: late and repeated events change nothing."""
        if secrets and TOPIC not in headers and _GREETING.fullmatch(body.strip()):
            return DeliveryIdentity(topic="", delivery_id="")
        source = headers.get(SOURCE, "")
        if source and (urlsplit(source).hostname or "") != account.casefold():
            raise Unauthenticated("the delivery speaks of another shop")
        given = headers.get(SIGNATURE, "")
        require(same(signature(one, body), given) for one in secrets)
        topic = headers.get(TOPIC, "") or "unknown"
        return DeliveryIdentity(topic=topic, delivery_id=digest(body))

    def parse(self, topic: str, account: str, body: bytes) -> Facts | None:
        """See `Channel.parse`."""
        # Here, since pydantic costs the function that only verifies 100 ms of cold start.
        from dom.channels.woocommerce_orders import PARSERS

        return PARSERS[topic](account.casefold(), body) if topic in PARSERS else None
