"""Walmart Marketplace (US): notifications of one seller's orders.

https://developer.walmart.com/us-marketplace/docs/notifications-overview. A subscription says how
its deliveries are signed: `HMAC`, whose header is to be named `x-walmart-signature`, or
`BASIC_AUTH`, for which the secret is `user:password`. They name an order, and are retried after 5,
15 and 45 minutes.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime

from dom.channels.protocol import DeliveryIdentity
from dom.channels.signing import mac, mac_base64, peek, require, same, told_by
from dom.errors import Unauthenticated
from dom.model.facts import Facts, SeenOrder

SIGNATURE = "x-walmart-signature"
signature = mac_base64
# What `WalmartFeed` brings.
ORDER = "order"
TOPICS = frozenset({"PO_CREATED", "PO_LINE_AUTOCANCELLED", "INTENT_TO_CANCEL", "ORDER_UPDATES"})


class WalmartChannel:
    """`account` is the seller's partner id."""

    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        account: str,
        secrets: Sequence[str],
        now: datetime,
    ) -> DeliveryIdentity:
        """See `Channel.verify`. No time is signed: late and repeated events change nothing."""
        require(_speaks(secret, headers, body) for secret in secrets)
        told = peek(body)
        source, partner = _object(told, "source"), _object(told, "payload").get("partnerId")
        if partner and str(partner) != account:
            raise Unauthenticated("the delivery speaks of another seller")
        return told_by(body, source.get("eventType"), source.get("eventId"))

    def parse(self, topic: str, account: str, body: bytes) -> Facts | SeenOrder | None:
        """See `Channel.parse`."""
        # Here, since pydantic costs the function that only verifies 100 ms of cold start.
        from dom.channels.walmart_orders import named, order

        if topic in TOPICS:
            return named(body)
        return order(account, body) if topic == ORDER else None


def _speaks(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Walmart does not say whether the signature is base64 or hex: either proves the secret."""
    given = headers.get(SIGNATURE, "")
    password = f"Basic {base64.b64encode(secret.encode()).decode()}"
    basic = ":" in secret and same(password, headers.get("authorization", ""))
    return basic or same(signature(secret, body), given) or same(mac(secret, body).hex(), given)


def _object(within: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = within.get(name)
    return found if isinstance(found, dict) else {}
