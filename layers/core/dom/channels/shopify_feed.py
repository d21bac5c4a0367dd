"""A shop's orders by Shopify's REST Admin API, whose orders are shaped as its webhooks' are.

https://shopify.dev/docs/api/admin-rest/latest/resources/order: `page_info` of the `Link` header
names the next page, and stands alone beside `limit` and `fields`. Why REST: docs/adr/0024.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dom.channels.credentials import Credentials
from dom.channels.shopify_graphql import VERSION, Json
from dom.channels.shopify_places import places_of
from dom.errors import Rejected, Retryable
from dom.http.client import Reply, ask_json
from dom.model.clock import Clock, from_text, system_clock, to_text
from dom.model.facts import SeenOrder

PAGE = 250
# By then the shop has made its fulfillment orders, if this app may see any.
ROUTED_WITHIN = timedelta(minutes=15)
_NEXT = re.compile(r'<[^>]*[?&]page_info=([^&>]+)[^>]*>;\s*rel="?next"?')


@dataclass(frozen=True, slots=True)
class ShopifyFeed:
    """`dom.channels.feeds.OrderFeed` of one shop."""

    account: str
    credentials: Credentials
    topic: str = "orders/updated"
    clock: Clock = system_clock

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
        """See the protocol. Where one without an address goes, its fulfillment orders say; there
        are none in any other, so that all has been said of it.
        """
        order = self._get(f"orders/{external_id}.json", {}).json()["order"]
        order["fulfillment_orders"] = self._places(order) if _is_homeless(order) else []
        return json.dumps(order).encode()

    def _places(self, order: Json) -> list[dict[str, str]]:
        try:
            places = places_of(self.account, self.credentials, str(order["id"]))
        except Rejected:  # not with this token: the order stays held for its address
            return []
        if not places and self.clock() - from_text(order["created_at"]) < ROUTED_WITHIN:
            # Not Busy: the shop answers, and its other orders can be asked for.
            raise Retryable("the shop has not said yet where the order goes")
        return places

    def _get(self, path: str, query: Mapping[str, str]) -> Reply:
        if not self.credentials.access_token:
            raise Rejected(f"no access_token for {self.account}: make connect-shopify")
        base = self.credentials.api_url or f"https://{self.account}"
        url = f"{base.rstrip('/')}/admin/api/{VERSION}/{path}"
        headers = {"X-Shopify-Access-Token": self.credentials.access_token}
        reply = ask_json("GET", url, headers, query)
        reply.object()
        return reply


def _is_homeless(order: Json) -> bool:
    """Whether something of it is to be shipped and no country says where to."""
    shipped = any(line.get("requires_shipping") for line in order.get("line_items") or ())
    over = order.get("cancelled_at") or order.get("source_name") == "pos"
    return shipped and not over and not (order.get("shipping_address") or {}).get("country_code")
