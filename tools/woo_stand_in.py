"""A stand-in of a WooCommerce shop: its orders and their notes by REST API v3."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tools.stand_in import Asked, StandIn, Told, serving

Json = dict[str, Any]
_PATH = re.compile(r"/wp-json/wc/v3/orders(?:/(\d+))?(/notes|/refunds)?$")
_PRODUCTS = re.compile(r"/wp-json/wc/v3/products(?:/(\d+))?(?:/variations(?:/(\d+))?)?$")


@dataclass
class WooStandIn(StandIn):
    """Orders by id as webhooks have them, their notes and refunds; products and variations by id.

    `declines`: why the gateway pays nothing back.
    """

    orders: dict[str, Json] = field(default_factory=dict)
    notes: dict[str, list[Json]] = field(default_factory=dict)
    refunds: dict[str, list[Json]] = field(default_factory=dict)
    products: dict[int, Json] = field(default_factory=dict)
    declines: str = ""

    def put(self, order: Json) -> None:
        """The order as it stands now."""
        self.orders[str(order["id"])] = order

    def serve(self, asked: Asked) -> Told:
        """See the base."""
        if not asked.headers.get("authorization", "").startswith("Basic "):
            return Told(401, {"code": "woocommerce_rest_cannot_view"})
        parts = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if found := _PRODUCTS.search(parts.path):
            return self._product(found, asked, query)
        found = _PATH.search(parts.path)
        if not found or (found[1] and found[1] not in self.orders):
            return Told(404, {"code": "woocommerce_rest_shop_order_invalid_id"})
        if found[2] == "/refunds":
            return self._refunded(found[1], asked)
        if found[2]:
            return self._noted(found[1], asked)
        if found[1]:
            return self._one(found[1], asked)
        return self._list(query)

    def _list(self, asked: Json) -> Told:
        rows = sorted(
            (order["date_modified_gmt"], int(name)) for name, order in self.orders.items()
        )
        inside = [
            row for row in rows if asked["modified_after"] < row[0] < asked["modified_before"]
        ]
        size, number = int(asked["per_page"]), int(asked["page"])
        page = inside[size * (number - 1) : size * number]
        return Told(200, [{"id": name, "date_modified_gmt": at} for at, name in page])

    def _one(self, name: str, asked: Asked) -> Told:
        if asked.method == "PUT":
            self.orders[name] |= asked.body
            return self.changed(self.orders[name])
        return Told(200, self.orders[name])

    def _noted(self, name: str, asked: Asked) -> Told:
        known = self.notes.setdefault(name, [])
        if asked.method != "POST":
            return Told(200, known)
        known.append({"id": 1000 + len(known), **asked.body})
        return self.changed(known[-1])

    def sell(self, name: int, sku: str, units: int | None, parent: int = 0) -> None:
        """A product, or a variation below one; None: it does not manage its stock."""
        kind = "variation" if parent else "simple"
        stock = {"manage_stock": units is not None, "stock_quantity": units}
        self.products[name] = {"id": name, "sku": sku, "type": kind, "parent_id": parent, **stock}

    def _product(self, found: re.Match[str], asked: Asked, query: Json) -> Told:
        name = int(found[2] or found[1] or 0)
        below = asked.path.partition("?")[0].endswith("/variations")
        if name and not below:
            if name not in self.products:
                return Told(404, {})
            if asked.method == "PUT":
                self.products[name] |= asked.body
                return self.changed(self.products[name])
            return Told(200, self.products[name])
        wanted = query.get("sku", "").split(",") if "sku" in query else None
        rows = [
            one
            for one in self.products.values()
            if (one["sku"] in wanted if wanted else one["parent_id"] == (name if below else 0))
        ]
        size, number = int(query["per_page"]), int(query.get("page", 1))
        return Told(200, rows[size * (number - 1) : size * number])

    def _refunded(self, name: str, asked: Asked) -> Told:
        known = self.refunds.setdefault(name, [])
        if asked.method != "POST":
            return Told(200, known)
        if self.declines:
            code = "woocommerce_rest_cannot_create_order_refund"
            return Told(500, {"code": code, "message": self.declines})
        lines = [
            {
                "quantity": -one["quantity"],
                "meta_data": [{"key": "_refunded_item_id", "value": str(one["id"])}],
            }
            for one in asked.body["line_items"]
        ]
        paid = asked.body["api_refund"]
        made = {"id": 500 + len(known), **asked.body, "refunded_payment": paid}
        known.append({**made, "line_items": lines})
        return self.changed(known[-1])


def woo_stand_in() -> AbstractContextManager[WooStandIn]:
    """One that listens until the block ends, at its `url`."""
    return serving(WooStandIn())
