"""AfterShip: what carriers see of parcels, whatever the carrier.

Wire contract: https://www.aftership.com/docs/tracking/webhook/webhook-signature. `account` is any
name for the AfterShip account, whose secret signs the raw body. It repeats a hook up to fourteen
times, with the same id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dom.channels.protocol import DeliveryIdentity
from dom.channels.signing import digest, mac_base64, peek, same
from dom.errors import Unauthenticated
from dom.model.facts import ReturnNews

SIGNATURE = "aftership-hmac-sha256"
TRACKED = "tracking_update"
# How AfterShip writes it.
signature = mac_base64


class AfterShipChannel:
    """Tracking events; the rest of AfterShip's does not concern us."""

    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        account: str,
        secrets: Sequence[str],
        now: datetime,
    ) -> DeliveryIdentity:
        """See `Channel.verify`. AfterShip signs no time: a repeat is known by the event's id."""
        given = headers.get(SIGNATURE, "")
        if not any(same(signature(one, body), given) for one in secrets):
            raise Unauthenticated("the signature is missing or wrong")
        event = peek(body)
        return DeliveryIdentity(
            topic=str(event.get("event") or "unknown"),
            delivery_id=str(event.get("event_id") or digest(body)),
        )

    def parse(self, topic: str, account: str, body: bytes) -> ReturnNews | None:
        """See `Channel.parse`."""
        # Here, since pydantic costs the function that only verifies 100 ms of cold start.
        from dom.channels.aftership_models import parse

        return parse(body) if topic == TRACKED else None
