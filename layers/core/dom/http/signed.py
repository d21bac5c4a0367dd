"""Requests whose receiver can prove that they are ours, and tell a repeat.

As https://www.standardwebhooks.com says: `webhook-id` names what is told, the same on every
attempt (as does `Idempotency-Key`); `webhook-timestamp` is the second of this attempt;
`webhook-signature` is `v1,<base64>` of HMAC-SHA256 over `<id>.<timestamp>.<body>`, once for each
key while one is being replaced, with blanks between. `Dom-Key-Id`, if the key has a name, says
which it is.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from dom.http.client import Reply, send

# What follows is base64 of the key's bytes; any other secret is the text's own bytes.
PREFIX = "whsec_"
# A header holds visible ASCII only.
_VISIBLE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) != "%")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What receiver and we know. `id`: the name of the secret, while it is being replaced."""

    secret: str
    id: str = ""


def post_signed(url: str, payload: object, name: str, key: SigningKey) -> Reply:
    """As `dom.http.client.send`; `name` is the same on each attempt to tell the same."""
    body, headers = signed(payload, name, [key])
    return send("POST", url, body, headers)


def signed(
    payload: object, name: str, keys: Sequence[SigningKey], at: int | None = None
) -> tuple[bytes, dict[str, str]]:
    """The payload as JSON, and the headers to send it with; `at` in seconds since 1970, or now."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    named = quote(name, safe=_VISIBLE)
    second = str(int(time.time()) if at is None else at)
    signatures = [f"v1,{signature(key.secret, named, second, body)}" for key in keys]
    return body, {
        "Content-Type": "application/json",
        "Idempotency-Key": named,
        "webhook-id": named,
        "webhook-timestamp": second,
        "webhook-signature": " ".join(signatures),
        **({"Dom-Key-Id": keys[0].id} if keys[0].id else {}),
    }


def signature(secret: str, name: str, at: str, body: bytes) -> str:
    """Base64 of HMAC-SHA256 over `<name>.<at>.<body>`."""
    told = f"{name}.{at}.".encode() + body
    return base64.b64encode(hmac.new(_bytes(secret), told, hashlib.sha256).digest()).decode()


def _bytes(secret: str) -> bytes:
    """The key itself; a secret that only looks like base64 is taken as it stands."""
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()
