"""Shippo: what carriers see of parcels, whatever the carrier.

Wire contract: https://docs.goshippo.com/docs/tracking/webhooks. `account` is any name for Shippo's
account. Its secret signs time and raw body, where Shippo was asked to sign; else the hook's address
carries it (`?secret=`). Shippo repeats a hook twice within seconds, and names none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dom.channels.protocol import DeliveryIdentity
from dom.channels.signing import SECRET, digest, mac, require, same
from dom.model.facts import ReturnNews

SIGNATURE = "shippo-auth-signature"
TRACKED = "track_updated"


class ShippoChannel:
    """Tracking events; the rest of Shippo's does not concern us."""

    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        account: str,
        secrets: Sequence[str],
        now: datetime,
    ) -> DeliveryIdentity:
        """See `Channel.verify`. The time is signed and not judged: a late scan changes nothing."""
        parts = dict(
            part.strip().partition("=")[::2] for part in headers.get(SIGNATURE, "").split(",")
        )
        at, given = parts.get("t", ""), parts.get("v1", "")
        carried = headers.get(SECRET, "")
        require(
            same(_hex(one, at, body), given) or (bool(one) and same(one, carried))
            for one in secrets
        )
        # Its body says all that names it, and repeats of it are the same bytes.
        return DeliveryIdentity(topic=TRACKED, delivery_id=digest(body))

    def parse(self, topic: str, account: str, body: bytes) -> ReturnNews | None:
        """See `Channel.parse`."""
        # Here, since pydantic costs the function that only verifies 100 ms of cold start.
        from dom.channels.shippo_models import parse

        return parse(body) if topic == TRACKED else None


def signature(secret: str, at: str, body: bytes) -> str:
    """The header's value for a raw body at a time (seconds since 1970)."""
    return f"t={at},v1={_hex(secret, at, body)}"


def _hex(secret: str, at: str, body: bytes) -> str:
    return mac(secret, at.encode() + b"." + body).hex()
