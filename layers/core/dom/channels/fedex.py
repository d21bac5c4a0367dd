"""FedEx Advanced Integrated Visibility: what FedEx sees of its parcels.

Wire contract: https://developer.fedex.com/api/en-us/catalog/shipment-visibility-webhook/docs.html.
`account` is any name; the security token of its webhook project signs the raw body. Nothing names a
delivery.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dom.channels.protocol import DeliveryIdentity
from dom.channels.signing import digest, mac, mac_base64, require, same
from dom.model.facts import ReturnNews, Scans

SIGNATURE = "fdx-signature"
TRACKED = "track"
# How FedEx writes it.
signature = mac_base64


class FedExChannel:
    """Events of parcels; there are no others."""

    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        account: str,
        secrets: Sequence[str],
        now: datetime,
    ) -> DeliveryIdentity:
        """See `Channel.verify`. No time is signed: late and repeated scans change nothing."""
        given = headers.get(SIGNATURE, "")
        require(_signed(one, body, given) for one in secrets)
        return DeliveryIdentity(topic=TRACKED, delivery_id=digest(body))

    def parse(self, topic: str, account: str, body: bytes) -> ReturnNews | Scans | None:
        """See `Channel.parse`."""
        # Here, since pydantic costs the function that only verifies 100 ms of cold start.
        from dom.channels.fedex_models import parse

        return parse(body) if topic == TRACKED else None


def _signed(secret: str, body: bytes, given: str) -> bool:
    """FedEx says base64 in one place and hex in another: either proves the token."""
    return same(signature(secret, body), given) or same(mac(secret, body).hex(), given)
