"""BigCommerce: hooks of one store, which name an order.

https://developer.bigcommerce.com/docs/integrations/webhooks. They are signed as Standard Webhooks
are, with the app's client secret: base64(HMAC-SHA256) over `<id>.<timestamp>.<body>`. A hook of a
token without an app carries a header of the merchant's instead, to be named `x-dom-secret`.
Retries go on for two days, so the time of a delivery is not judged: what is old changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dom.channels.protocol import DeliveryIdentity
from dom.channels.signing import SECRET, mac_base64, peek, require, same
from dom.errors import Unauthenticated
from dom.model.facts import Facts, SeenOrder

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
# What `BigCommerceFeed` brings.
ORDER = "order"
# Scopes whose bodies are about an order; those of shipments name theirs beside their own id.
ORDERS, SHIPMENTS = "store/order/", "store/shipment/"


class BigCommerceChannel:
    """`account` is the store's hash, such as `abc123`."""

    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        account: str,
        secrets: Sequence[str],
        now: datetime,
    ) -> DeliveryIdentity:
        """See `Channel.verify`."""
        require(_signed(secret, headers, body) for secret in secrets)
        told = peek(body)
        producer = str(told.get("producer") or "")
        if producer and producer.removeprefix("stores/").casefold() != account.casefold():
            raise Unauthenticated("the delivery speaks of another store")
        scope = str(told.get("scope") or "unknown")
        # Hooks of different scopes may share a hash.
        known = f"{scope}-{told.get('hash')}-{told.get('created_at')}"
        return DeliveryIdentity(topic=scope, delivery_id=known)

    def parse(self, topic: str, account: str, body: bytes) -> Facts | SeenOrder | None:
        """See `Channel.parse`."""
        # Here, since pydantic costs the function that only verifies 100 ms of cold start.
        from dom.channels.bigcommerce_orders import named, order

        if topic.startswith((ORDERS, SHIPMENTS)):
            return named(body)
        return order(account, body) if topic == ORDER else None


def signature(secret: str, delivery: str, at: str, body: bytes) -> str:
    """base64(HMAC-SHA256) over id, time and body, as Standard Webhooks sign them."""
    return mac_base64(secret, f"{delivery}.{at}.".encode() + body)


def _signed(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """One of the signatures (several, while a secret is rotated), or the header."""
    wanted = signature(secret, headers.get(ID, ""), headers.get(TIMESTAMP, ""), body)
    told = (one.partition(",") for one in headers.get(SIGNATURE, "").split())
    signed = any(same(wanted, text) for version, _, text in told if version == "v1")
    return signed or same(secret, headers.get(SECRET, ""))
