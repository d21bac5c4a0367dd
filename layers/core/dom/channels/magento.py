"""Adobe Commerce (Magento 2): hooks of one shop that name an order.

https://developer.adobe.com/commerce/extensibility/webhooks/: the module signs the body with its own
private key (RSA, SHA-256), whose public half is shown in Admin. A shop without the module signs
with a shared secret instead (`x-dom-signature`, base64 of HMAC-SHA256). What a hook contains is for
the merchant to configure, so nothing but the order's id is taken from it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime

from dom.channels.protocol import DeliveryIdentity
from dom.channels.rsa_signature import PEM, signed_by
from dom.channels.signing import digest, from_base64, mac_base64, require, same
from dom.model.facts import Facts, SeenOrder

RSA_SIGNATURE = "x-adobe-commerce-webhook-signature"
SIGNATURE = "x-dom-signature"
# How a shop without the module is to write it.
signature = mac_base64
# What hooks tell, and what `MagentoFeed` brings.
CHANGED = "order/changed"
ORDER = "order"


class MagentoChannel:
    """`account` is the host of the shop. Of its secrets, a PEM public key is Adobe's signature's,
    any other text the shared secret.
    """

    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        account: str,
        secrets: Sequence[str],
        now: datetime,
    ) -> DeliveryIdentity:
        """See `Channel.verify`. No time is signed: late and repeated events change nothing."""
        require(_signed(secret, headers, body) for secret in secrets)
        return DeliveryIdentity(topic=CHANGED, delivery_id=digest(body))

    def parse(self, topic: str, account: str, body: bytes) -> Facts | SeenOrder | None:
        """See `Channel.parse`."""
        # Here, since pydantic costs the function that only verifies 100 ms of cold start.
        from dom.channels.magento_orders import named, order

        if topic == CHANGED:
            return named(body)
        return order(account, body) if topic == ORDER else None


def _signed(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Adobe says that the body is signed, and its example that base64 of it is: either is proof."""
    if secret.lstrip().startswith(PEM):
        given = from_base64(headers.get(RSA_SIGNATURE, ""))
        return any(signed_by(secret, given, one) for one in (body, base64.b64encode(body)))
    return same(signature(secret, body), headers.get(SIGNATURE, ""))
