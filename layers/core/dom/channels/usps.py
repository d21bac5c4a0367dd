"""USPS Subscriptions - Tracking: what the Postal Service sees of its parcels.

Wire contract: https://developers.usps.com/subscriptions-trackingv3r2. `account` is any name; the
secret of its subscription signs the time and the payload of the envelope, not the body as a whole:
nothing else of it is trusted. Nothing names a delivery.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dom.channels.protocol import DeliveryIdentity
from dom.channels.signing import digest, mac_base64, peek, require, same
from dom.errors import Unauthenticated
from dom.model.facts import ReturnNews

# The second is how it was called before.
SIGNATURES = ("x-hmac", "hmac-header")
TRACKED = "TRACKING"


class UspsChannel:
    """What became of parcels; raw extracts of single scans do not concern us."""

    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        account: str,
        secrets: Sequence[str],
        now: datetime,
    ) -> DeliveryIdentity:
        """See `Channel.verify`. The time is signed and not judged: a late scan changes nothing."""
        told = peek(body)
        at, payload = told.get("timestamp"), told.get("payload")
        if not (isinstance(at, str) and isinstance(payload, str)):
            raise Unauthenticated("it says nothing that is signed")
        given = next((headers[one] for one in SIGNATURES if headers.get(one)), "")
        require(bool(one) and same(signature(one, at, payload), given) for one in secrets)
        signed = f"{at}.{payload}".encode("utf-8", "surrogatepass")
        return DeliveryIdentity(str(told.get("subscriptionType") or "unknown"), digest(signed))

    def parse(self, topic: str, account: str, body: bytes) -> ReturnNews | None:
        """See `Channel.parse`."""
        # Here, since pydantic costs the function that only verifies 100 ms of cold start.
        from dom.channels.usps_models import parse

        return parse(body) if topic == TRACKED else None


def signature(secret: str, at: str, payload: str) -> str:
    """The header's value for an envelope's time and payload."""
    return mac_base64(secret, (at + payload).encode("utf-8", "surrogatepass"))
