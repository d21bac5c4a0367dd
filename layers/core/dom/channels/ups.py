"""UPS Track Alert: what UPS sees of its parcels.

Wire contract: https://developer.ups.com/tag/UPS-Track-Alert. `account` is any name. A subscription
(a parcel's, for fourteen days) names a credential of ours, which each event carries in a header:
nothing is signed. What is not taken is lost, and nothing names an event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dom.channels.protocol import DeliveryIdentity
from dom.channels.signing import digest, require, same
from dom.model.facts import ReturnNews

CREDENTIAL = "credential"
TRACKED = "TrackingEvent"


class UpsChannel:
    """Events of parcels; there are no others."""

    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        account: str,
        secrets: Sequence[str],
        now: datetime,
    ) -> DeliveryIdentity:
        """See `Channel.verify`. The credential proves who speaks, and not what is said."""
        given = headers.get(CREDENTIAL, "")
        require(bool(one) and same(one, given) for one in secrets)
        return DeliveryIdentity(topic=TRACKED, delivery_id=digest(body))

    def parse(self, topic: str, account: str, body: bytes) -> ReturnNews | None:
        """See `Channel.parse`."""
        # Here, since pydantic costs the function that only verifies 100 ms of cold start.
        from dom.channels.ups_models import parse

        return parse(body) if topic == TRACKED else None
