"""ShipStation: what carriers see of parcels whose labels it made.

Wire contracts: https://docs.shipstation.com/apis/docs/guides/webhooks-validation. Hooks of its API
V2 tell the scan, and sign `<time>.<body>` with RSA: the account's secret is the key set that
ShipStation publishes (https://api.shipengine.com/jwks), or one key in PEM. Hooks of V1 are not
signed, and only name where something can be read: their address carries a secret of ours
(`?secret=`), and `ShipStationReader` reads from no host but ShipStation's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dom.channels.jwk import signed_by_set
from dom.channels.protocol import DeliveryIdentity
from dom.channels.rsa_signature import PEM, signed_by
from dom.channels.signing import SECRET, from_base64, peek, require, same, told_by
from dom.model.facts import ReturnNews, Scans, SeenOrder

SIGNATURE, TIMESTAMP = "x-shipengine-rsa-sha256-signature", "x-shipengine-timestamp"
TRACKED = frozenset({"TRACK_EVENT_V2", "API_TRACK"})
# Marks of keys in a form that is not known, and of addresses of keys: everybody may know them.
_PUBLIC = ("-----", "://", "[", "{")
# Of V1: where it can be read what was shipped.
NAMED = frozenset({"SHIP_NOTIFY", "ITEM_SHIP_NOTIFY", "FULFILLMENT_SHIPPED"})
# What `ShipStationReader` brings.
SHIPPED = "shipped"


class ShipStationChannel:
    """Tracking events and shipments; the rest of ShipStation's does not concern us. `account` is
    any name for its account.
    """

    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        account: str,
        secrets: Sequence[str],
        now: datetime,
    ) -> DeliveryIdentity:
        """See `Channel.verify`. The time is signed and not judged: a late scan changes nothing."""
        topic = peek(body).get("resource_type")
        require(_speaks(one, topic, headers, body) for one in secrets)
        # Nothing names a delivery, and repeats of it are the same bytes.
        return told_by(body, topic, None)

    def parse(self, topic: str, account: str, body: bytes) -> ReturnNews | Scans | SeenOrder | None:
        """See `Channel.parse`."""
        if topic not in TRACKED | NAMED | {SHIPPED}:
            return None
        # Here, since pydantic costs the function that only verifies 100 ms of cold start.
        from dom.channels.shipstation_models import named, shipped, tracked

        if topic in TRACKED:
            return tracked(body)
        return named(body) if topic in NAMED else shipped(body)


def _speaks(secret: str, topic: object, headers: Mapping[str, str], body: bytes) -> bool:
    given = from_base64(headers.get(SIGNATURE, ""))
    signed = headers.get(TIMESTAMP, "").encode() + b"." + body
    if secret.lstrip().startswith("{"):
        return signed_by_set(secret, given, signed)
    if secret.lstrip().startswith(PEM):
        return signed_by(secret, given, signed)
    if str(topic) in TRACKED or any(mark in secret for mark in _PUBLIC):
        return False
    return bool(secret) and same(secret, headers.get(SECRET, ""))
