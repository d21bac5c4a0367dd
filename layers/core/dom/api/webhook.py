"""A webhook's proxy event (REST or HTTP API) as what was sent, and the plain answers to it.

Apart from `dom.api.request`: this one is on the path that answers within milliseconds, and imports
no pydantic.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from dom.api.problem import CONTENT_TYPE, problem, status_of
from dom.errors import InvalidInput

_SECRET = "x-dom-secret"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Webhook:
    """What came: path parameters, headers by lower-case name, the raw bytes of the body."""

    channel: str
    account: str
    headers: Mapping[str, str]
    body: bytes


def webhook(event: Mapping[str, Any]) -> Webhook:
    """The webhook of a proxy event; InvalidInput when its base64 is broken."""
    path = event.get("pathParameters") or {}
    query = event.get("queryStringParameters") or {}
    headers = event.get("headers") or {}
    # Who can sign nothing and set no header is known by what its hook's address carries.
    carried = {_SECRET: str(query["secret"])} if query.get("secret") else {}
    return Webhook(
        channel=unquote(str(path.get("channel") or "")),
        account=unquote(str(path.get("account") or "")),
        headers=carried | {str(name).lower(): str(value) for name, value in headers.items()},
        body=_body(event),
    )


def accepted() -> dict[str, Any]:
    """200: the event is kept."""
    return _answer(200, "application/json", {"accepted": True})


def refused(error: Exception) -> dict[str, Any]:
    """The problem document of an error, with its status."""
    return _answer(int(status_of(error)), CONTENT_TYPE, problem(error))


def _body(event: Mapping[str, Any]) -> bytes:
    text = str(event.get("body") or "")
    if not event.get("isBase64Encoded"):
        return text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput("body", "broken base64") from None


def _answer(status: int, content_type: str, body: object) -> dict[str, Any]:
    headers = {"Content-Type": content_type, "Cache-Control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}
