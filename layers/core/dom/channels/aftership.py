"""AfterShip: what carriers see of parcels, whatever the carrier.

Wire contract: https://www.aftership.com/docs/tracking/webhook/webhook-signature. `account` is any
name for the AfterShip account, whose secret signs the raw body. It repeats a hook up to fourteen
times, with the same id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dom.channels.protocol import DeliveryIdentity
from dom.channels.signing import mac_base64, peek, require, same, told_by
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
        require(same(signature(one, body), given) for one in secrets)
        event = peek(body)
        return told_by(body, event.get("event"), event.get("event_id"))

    def parse(self, topic: str, account: str, body: bytes) -> ReturnNews | None:
        """See `Channel.parse`."""
        # Here, since pydantic costs the function that only verifies 100 ms of cold start.
        from dom.channels.aftership_models import parse

        return parse(body) if topic == TRACKED else None
