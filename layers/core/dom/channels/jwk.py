"""Whether a body was signed by one of the keys of a JSON Web Key Set, or by a key alone (RFC 7517).

Vendors that rotate their keys publish them so. Keys that are not for RSA prove nothing.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping

from dom.channels.rsa_signature import signed_with


def signed_by_set(document: str, signature: bytes, body: bytes) -> bool:
    """Whether the holder of one of the document's keys signed the body (RSA, SHA-256)."""
    return any(signed_with(*key, signature, body) for key in _keys(document))


def _keys(document: str) -> Iterator[tuple[int, int]]:
    try:
        told = json.loads(document)
    except (ValueError, RecursionError):
        return
    keys = told.get("keys", [told]) if isinstance(told, dict) else []
    for key in keys if isinstance(keys, list) else []:
        if isinstance(key, dict) and key.get("kty") == "RSA":
            yield _number(key, "n"), _number(key, "e")


def _number(key: Mapping[str, object], name: str) -> int:
    """Base64url without padding, the highest byte first; 0, which is no key, if it is not that."""
    text = str(key.get(name) or "")
    try:
        return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return 0
