"""What proofs of who speaks share, without what it takes to understand what is said."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping

from dom.channels.protocol import DeliveryIdentity
from dom.errors import Unauthenticated

# Where a vendor that signs nothing may carry a secret of ours: a header, or `?secret=` of the
# address (`dom.api.webhook`).
SECRET = "x-dom-secret"  # noqa: S105


def mac(secret: str, body: bytes) -> bytes:
    """HMAC-SHA256 over the raw body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


def mac_base64(secret: str, body: bytes) -> str:
    """The same, as most vendors write it."""
    return base64.b64encode(mac(secret, body)).decode()


def from_base64(text: str) -> bytes:
    """What a header's base64 says; nothing if it is none."""
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""


def same(expected: str, given: str) -> bool:
    """Whether they are equal, found out in a time that tells nothing.

    As bytes: `compare_digest` refuses text that is not ASCII, and headers come from strangers.
    """
    return hmac.compare_digest(expected.encode(), given.strip().encode())


def require(proofs: Iterable[bool]) -> None:
    """Unauthenticated unless one of the proofs holds: any of an account's secrets may sign."""
    if not any(proofs):
        raise Unauthenticated("the signature is missing or wrong")


def told_by(body: bytes, topic: object, name: object) -> DeliveryIdentity:
    """A delivery by what its body says of itself; one without a name is named by its bytes."""
    return DeliveryIdentity(str(topic or "unknown"), str(name or digest(body)))


def peek(body: bytes) -> Mapping[str, object]:
    """The body's object, to name the delivery by; empty if it is none, which parsing refuses."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def digest(body: bytes) -> str:
    """What names a delivery that has no name of its own: repeats are the same bytes."""
    return hashlib.sha256(body).hexdigest()
