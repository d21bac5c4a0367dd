"""EasyPost: what carriers see of parcels, whatever the carrier.

Wire contract: https://docs.easypost.com/docs/webhooks. `account` is any name for the EasyPost
account; its secret signs the raw body, as NFKD-normalized UTF-8.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime

from dom.channels.protocol import DeliveryIdentity
from dom.errors import Unauthenticated
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
        given = headers.get(SIGNATURE, "").strip().encode()
        if not any(hmac.compare_digest(signature(one, body).encode(), given) for one in secrets):
            raise Unauthenticated("the signature is missing or wrong")
        topic, event_id = _named(body)
        return DeliveryIdentity(
            topic=topic or "unknown",
            delivery_id=event_id or hashlib.sha256(body).hexdigest(),
        )

    def parse(self, topic: str, account: str, body: bytes) -> ReturnNews | None:
        """See `Channel.parse`."""
        # Here, since pydantic costs the function that only verifies 100 ms of cold start.
        from dom.channels.easypost_models import parse

        return parse(body) if topic in TRACKED else None


def signature(secret: str, body: bytes) -> str:
    """The header's value for a raw body."""
    key = unicodedata.normalize("NFKD", secret).encode()
    return _SCHEME + hmac.new(key, body, hashlib.sha256).hexdigest()


def _named(body: bytes) -> tuple[str, str]:
    """The event's description and id; "" for what is no event: parsing refuses that visibly."""
    try:
        event = json.loads(body)
    except ValueError:
        return "", ""
    if not isinstance(event, dict):
        return "", ""
    return str(event.get("description") or ""), str(event.get("id") or "")
