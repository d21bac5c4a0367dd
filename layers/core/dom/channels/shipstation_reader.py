"""What hooks of ShipStation's API V1 only name, read from ShipStation and from nowhere else.

https://docs.shipstation.com/apis/shipstation-v1/docs/models/webhook. Whoever knows a hook's address
says where to read, and the request carries the account's key: so the host is ShipStation's by its
name, over https, and of all that can be read there only what was shipped.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from dom.channels.credentials import Credentials
from dom.channels.shipstation import SHIPPED
from dom.errors import InvalidInput, Rejected
from dom.http.client import ask_json

# Of its clusters each has a number.
_HOST = re.compile(r"ssapi[0-9]{0,3}\.shipstation\.com")
_PATHS = {"/shipments": "shipments", "/fulfillments": "fulfillments"}
_FIELD = "resource_url"
# Of a batch; more than two thousand labels at once are not waited for.
MOST_PAGES = 20


def address(url: str) -> str:
    """The address as it may be asked; InvalidInput if it is not ShipStation's list of shipments."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidInput(_FIELD, "no address") from None
    # Built anew from what was checked: two readers of one odd address never see two hosts.
    if parts.scheme != "https" or not _HOST.fullmatch(parts.netloc.lower()) or port is not None:
        raise InvalidInput(_FIELD, "not ShipStation's host")
    if parts.path not in _PATHS:
        raise InvalidInput(_FIELD, "neither shipments nor fulfillments")
    return f"https://{parts.netloc.lower()}{parts.path}?{parts.query}"


@dataclass(frozen=True, slots=True)
class ShipStationReader:
    """`dom.channels.feeds.Reader` of one account."""

    account: str
    credentials: Credentials
    topic: str = SHIPPED

    def fetch(self, external_id: str) -> bytes:
        """See the protocol; `external_id` is the address that a hook named."""
        parts = urlsplit(address(external_id))
        base = self.credentials.api_url.rstrip("/") or f"https://{parts.netloc}"
        query = dict(parse_qsl(parts.query))
        rows: list[Any] = []
        for page in range(1, MOST_PAGES + 1):
            answer = self._ask(base + parts.path, {**query, "page": str(page)})
            found = answer.get(_PATHS[parts.path])
            rows += found if isinstance(found, list) else []
            pages = answer.get("pages")
            if not isinstance(pages, int) or page >= pages:
                break
        return json.dumps({"rows": rows}, ensure_ascii=False).encode()

    def _ask(self, url: str, query: dict[str, str]) -> dict[str, Any]:
        known = self.credentials
        if not (known.consumer_key and known.consumer_secret):
            raise Rejected(f"no consumer_key and consumer_secret for {self.account}")
        pair = f"{known.consumer_key}:{known.consumer_secret}".encode()
        headers = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        return ask_json("GET", url, headers, query).object()
