"""EasyPost: what carriers see of parcels, whatever the carrier.

Wire contract: https://docs.easypost.com/docs/webhooks. `account` is any name for the EasyPost
account; its secret signs the raw body, as NFKD-normalized UTF-8.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime

from dom.channels.protocol import DeliveryIdentity
from dom.channels.signing import mac, peek, require, same, told_by
from dom.model.facts import ReturnNews

SIGNATURE = "x-hmac-signature"
_SCHEME = "hmac-sha256-hex="
TRACKED = frozenset({"tracker.created", "tracker.updated"})


class EasyPostChannel:
    """Tracking events; the rest of EasyPost's does not concern us."""

    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        account: str,
        secrets: Sequence[str],
        now: datetime,
    ) -> DeliveryIdentity:
        """See `Channel.verify`. EasyPost signs no time: a repeat is known by the event's id."""
        given = headers.get(SIGNATURE, "")
        require(same(signature(one, body), given) for one in secrets)
        event = peek(body)
        return told_by(body, event.get("description"), event.get("id"))

    def parse(self, topic: str, account: str, body: bytes) -> ReturnNews | None:
        """See `Channel.parse`."""
        # Here, since pydantic costs the function that only verifies 100 ms of cold start.
        from dom.channels.easypost_models import parse

        return parse(body) if topic in TRACKED else None


def signature(secret: str, body: bytes) -> str:
    """The header's value for a raw body."""
    return _SCHEME + mac(unicodedata.normalize("NFKD", secret), body).hex()
