"""The secret part of a link: it names an order, and nobody can make one for another."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence

from dom.errors import NotFound
from dom.model.ids import OrderId

# 144 bits: nobody guesses one.
_BYTES = 18
_TOKEN = re.compile(r"([A-Za-z0-9_-]{1,80})\.([A-Za-z0-9_-]{24})", re.ASCII)


def signed(order_id: str, key: str) -> str:
    """The token of an order: its id and an HMAC-SHA256 of it."""
    return f"{order_id}.{_seal(order_id, key)}"


def order_of(token: str, keys: Sequence[str]) -> OrderId:
    """The order that a token was made for, with one of these keys; NotFound: it was not."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise NotFound("page", "of this link")
    order_id, seal = found.groups()
    if not any(hmac.compare_digest(seal, _seal(order_id, key)) for key in keys if key):
        raise NotFound("page", "of this link")
    return OrderId(order_id)


def _seal(order_id: str, key: str) -> str:
    """Of this purpose only: the key seals nothing else with the same words."""
    raw = hmac.digest(key.encode(), f"track\0{order_id}".encode(), hashlib.sha256)[:_BYTES]
    return base64.urlsafe_b64encode(raw).decode()
