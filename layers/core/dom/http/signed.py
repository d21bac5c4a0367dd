"""Requests whose receiver can prove that they are ours, and tell a repeat.

`Idempotency-Key` names what is told on every attempt. `Dom-Signature: t=<seconds>,v1=<hex>` is
HMAC-SHA256 over `<seconds>.<body>`; `Dom-Key-Id`, if the key has a name, says by which.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass

from dom.http.client import Reply, send


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What receiver and we know. `id`: the name of the secret, while it is being replaced."""

    secret: str
    id: str = ""


def post_signed(url: str, payload: object, name: str, key: SigningKey) -> Reply:
    """As `dom.http.client.send`; `name` is the same on each attempt to tell the same."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    at = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": name,
        "Dom-Signature": f"t={at},v1={signature(key.secret, at, body)}",
        **({"Dom-Key-Id": key.id} if key.id else {}),
    }
    return send("POST", url, body, headers)


def signature(secret: str, at: str, body: bytes) -> str:
    """Hex of HMAC-SHA256 over `<at>.<body>`."""
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
