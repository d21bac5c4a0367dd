"""A shop's orders by Shopify's REST Admin API, whose orders are shaped as its webhooks' are.

https://shopify.dev/docs/api/admin-rest/latest/resources/order: `page_info` of the `Link` header
names the next page, and stands alone beside `limit` and `fields`. Why REST: docs/adr/0024.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from dom.channels.credentials import Credentials
from dom.channels.shopify_graphql import VERSION
from dom.channels.shopify_places import places_of
from dom.errors import Busy, Rejected
from dom.http.client import Reply, send
from dom.model.clock import from_text, to_text
from dom.model.facts import SeenOrder

PAGE = 250
_NEXT = re.compile(r'<[^>]*[?&]page_info=([^&>]+)[^>]*>;\s*rel="?next"?')


@dataclass(frozen=True, slots=True)
class ShopifyFeed:
    """`dom.channels.feeds.OrderFeed` of one shop."""

    account: str
    credentials: Credentials
    topic: str = "orders/updated"

    def page(
        self, since: datetime, until: datetime, cursor: str
    ) -> tuple[Sequence[SeenOrder], str]:
        """See the protocol."""
        known = {"limit": str(PAGE), "fields": "id,updated_at"}
        span = {
            "status": "any",
            "order": "updated_at asc",
            "updated_at_min": to_text(since),
            "updated_at_max": to_text(until),
        }
        reply = self._get("orders.json", {**known, **({"page_info": cursor} if cursor else span)})
        seen = [
            SeenOrder(str(one["id"]), from_text(one["updated_at"]))
            for one in reply.json()["orders"]
        ]
        following = _NEXT.search(reply.headers.get("link", ""))
        return seen, following[1] if following else ""

    def fetch(self, external_id: str) -> bytes:
        """See the protocol. Where one without an address goes, its fulfillment orders say."""
        order = self._get(f"orders/{external_id}.json", {}).json()["order"]
        if not order.get("shipping_address"):
            order["fulfillment_orders"] = places_of(self.account, self.credentials, external_id)
        return json.dumps(order, ensure_ascii=False).encode()

    def _get(self, path: str, query: Mapping[str, str]) -> Reply:
        if not self.credentials.access_token:
            raise Rejected(f"no access_token for {self.account}: make connect-shopify")
        base = self.credentials.api_url or f"https://{self.account}"
        url = f"{base.rstrip('/')}/admin/api/{VERSION}/{path}"
        headers = {"X-Shopify-Access-Token": self.credentials.access_token}
        reply = send("GET", f"{url}?{urlencode(query)}" if query else url, None, headers)
        if not isinstance(reply.json(), dict):
            raise Busy("the answer is no object")
        return reply
