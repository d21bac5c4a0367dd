"""One end-to-end test's own corner of the running stack: its locations, SKUs, orders and waits.

Routing looks at the whole network, so what keeps tests apart is that no two share a SKU.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from support.asking import good, units_by_bucket, until
from support.backdoor import BackDoor
from support.shopify_bodies import shopify_order

from tools.client import Api, Shop, connections
from tools.demo_model import live

Json = dict[str, Any]
SEATTLE = (47.609, -122.336)
PORTLAND = (45.515, -122.679)
MIAMI = (25.728, -80.234)


def stands(order: Json, place: str) -> bool:
    """Whether the order's one work that stands is released there."""
    found = [(work["location_id"], work["status"]) for work in live(order)]
    return found == [(place, "released")]


@dataclass
class World:
    """Tokens, shop and back door of the stack, and unique names for this test."""

    stack: Json
    tag: str = field(default_factory=lambda: uuid.uuid4().hex[:8].upper())

    def __post_init__(self) -> None:
        """Clients of the API as the admin, as the store of STORE-01, and as nobody."""
        url, tokens = self.stack["api_url"], self.stack["tokens"]
        self.api, self.store = Api(url, tokens["admin"]), Api(url, tokens["store"])
        self.nobody = Api(url, pool=connections(8))
        shopify = self.stack["channels"]["shopify"]
        self.shop = Shop(self.nobody, shopify["account"], shopify["secret"])
        self.back = BackDoor(self.stack)

    def sku(self, name: str = "SKU") -> str:
        """A SKU of this test alone, with characters that paths must escape."""
        return f"{name} {self.tag}/1"

    def location(
        self, name: str, place: tuple[float, float] = SEATTLE, *, own: bool = True, **changes: Any
    ) -> str:
        """A warehouse at a place, open around the clock, created or changed; its id."""
        location_id = f"{name}-{self.tag}" if own else name
        address = {
            "address1": "1 Test Street",
            "city": "Testville",
            "province_code": "WA",
            "postal_code": "98101",
            "country_code": "US",
            "latitude": place[0],
            "longitude": place[1],
        }
        location = {
            "name": name,
            "type": "warehouse",
            "address": address,
            "timezone": "America/Los_Angeles",
            "capabilities": ["ship"],
            "daily_capacity": None,
            "active": True,
            **changes,
        }
        good(self.api.put_location(location_id, location))
        return location_id

    def stock(self, sku: str, units: Mapping[str, int]) -> None:
        """Units on hand of a SKU by location."""
        for location_id, on_hand in units.items():
            good(self.api.put_stock(location_id, sku, on_hand))

    def position(self, sku: str, location_id: str) -> Json:
        """The position as GET /inventory/{sku} shows it."""
        positions = good(self.api.stock(sku)).json["positions"]
        return next(p for p in positions if p["location_id"] == location_id)

    def assert_ledger_sums_up(self, sku: str, location_id: str) -> None:
        """The movements of the position add up to it."""
        position, total = self.position(sku, location_id), self.back.ledger(sku, location_id)
        for name in ("on_hand", "reserved"):
            assert position[name] == total[name], (name, position, total)

    def deliver(self, body: Json, topic: str = "orders/create", webhook_id: str = "") -> None:
        """A signed webhook, which must be answered 200."""
        good(self.shop.deliver(topic, body, webhook_id or str(uuid.uuid4())))

    def placed(self, *lines: tuple[str, int]) -> Json:
        """Deliver orders/create for lines of (SKU, units); the body."""
        body = shopify_order(*lines)
        self.deliver(body)
        return body

    def find(self, body: Json, channel: str = "shopify") -> list[Json]:
        """The orders that the channel's id finds."""
        key = body["external_id"] if "external_id" in body else str(body["id"])
        orders: list[Json] = good(self.api.find_order(channel, key)).json["orders"]
        return orders

    def order(self, body: Json, channel: str = "shopify") -> Json:
        """The one order of this body; {} while there is none."""
        found = self.find(body, channel)
        assert len(found) <= 1, found
        return found[0] if found else {}

    def settled(self, body: Json, status: str, channel: str = "shopify", **buckets: int) -> Json:
        """Wait until the order has this status and, if given, these units by bucket."""

        def stands(order: Json) -> bool:
            if order.get("status") != status:
                return False
            return not buckets or units_by_bucket(order) == Counter(buckets)

        return until(lambda: self.order(body, channel), stands)

    def routed(self, body: Json) -> Json:
        """Wait until no unit of the order is pending any more."""

        def decided(order: Json) -> bool:
            return bool(order) and not units_by_bucket(order)["pending"]

        return until(lambda: self.order(body), decided)

    def work_with_status(self, body: Json, status: str, channel: str = "shopify") -> Json:
        """Wait until the one FulfillmentOrder of the order that stands has this status."""

        def stands(order: Json) -> bool:
            return [work["status"] for work in live(order)] == [status]

        return live(until(lambda: self.order(body, channel), stands))[0]

    def released(self, sku: str, units: int = 1) -> tuple[Json, Json]:
        """An order of this SKU whose work a location has got: body and FulfillmentOrder."""
        body = self.placed((sku, units))
        return body, self.work_with_status(body, "released")

    def work_ids(self, api: Api, **query: str) -> set[str]:
        """Ids in GET /fulfillments, as that token sees them."""
        return {work["id"] for work in self.work(api, **query)}

    def work(self, api: Api, **query: str) -> list[Json]:
        """All pages of GET /fulfillments."""
        page = good(api.work(**query)).json
        found: list[Json] = page["fulfillment_orders"]
        return found + self.work(api, **{**query, "next": page["next"]}) if page["next"] else found

    def act(self, work: Json, action: str, payload: Json | None = None) -> Json:
        """Floor work that must succeed; the FulfillmentOrder as answered."""
        return good(self.api.act(work["id"], action, payload)).json
