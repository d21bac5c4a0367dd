"""Walmart Marketplace (US): notifications of one seller's orders.

https://developer.walmart.com/us-marketplace/docs/notifications-overview. A subscription says how
its deliveries are signed: `HMAC`, whose header is to be named `x-walmart-signature`, or
`BASIC_AUTH`, for which the secret is `user:password`. They name an order, and are retried after 5,
15 and 45 minutes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from dom.channels.protocol import DeliveryIdentity
from dom.errors import Unauthenticated
from dom.model.facts import Facts, SeenOrder

SIGNATURE = "x-walmart-signature"
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
        if not any(_speaks(secret, headers, body) for secret in secrets):
            raise Unauthenticated("the signature is missing or wrong")
        source, partner = _envelope(body)
        if partner and partner != account:
            raise Unauthenticated("the delivery speaks of another seller")
        return DeliveryIdentity(
            topic=str(source.get("eventType") or "unknown"),
            delivery_id=str(source.get("eventId") or hashlib.sha256(body).hexdigest()),
        )

    def parse(self, topic: str, account: str, body: bytes) -> Facts | SeenOrder | None:
        """See `Channel.parse`."""
        # Here, since pydantic costs the function that only verifies 100 ms of cold start.
        from dom.channels.walmart_orders import named, order

        if topic in TOPICS:
            return named(body)
        return order(account, body) if topic == ORDER else None


def signature(secret: str, body: bytes) -> str:
    """base64(HMAC-SHA256) over the complete body."""
    return base64.b64encode(_mac(secret, body)).decode()


def _mac(secret: str, body: bytes) -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


def _speaks(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Walmart does not say whether the signature is base64 or hex: either proves the secret."""
    given = headers.get(SIGNATURE, "").strip().encode()
    signed = (signature(secret, body), _mac(secret, body).hex())
    known = headers.get("authorization", "").strip().encode()
    password = f"Basic {base64.b64encode(secret.encode()).decode()}".encode()
    basic = ":" in secret and hmac.compare_digest(password, known)
    return basic or any(hmac.compare_digest(one.encode(), given) for one in signed)


def _envelope(body: bytes) -> tuple[Mapping[str, object], str]:
    """The event's source, and the seller that it names; what is not there is the parser's."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}, ""
    source, payload = _object(told, "source"), _object(told, "payload")
    return source, str(payload.get("partnerId") or "")


def _object(within: object, name: str) -> Mapping[str, object]:
    found = within.get(name) if isinstance(within, dict) else None
    return found if isinstance(found, dict) else {}
