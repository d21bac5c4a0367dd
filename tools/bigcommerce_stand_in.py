"""A stand-in of a BigCommerce store: V2 orders with what they link to, V3 refunds and inventory."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tools.stand_in import Asked, StandIn, Told, serving

Json = dict[str, Any]


@dataclass
class BigCommerceStandIn(StandIn):
    """Orders by id, joined as the feed joins them; shipments and refunds as made; units by SKU."""

    orders: dict[str, Json] = field(default_factory=dict)
    shipments: list[Json] = field(default_factory=list)
    refunds: list[Json] = field(default_factory=list)
    ways: list[Json] = field(default_factory=list)
    units: dict[tuple[str, str], int] = field(default_factory=dict)
    safety: dict[str, int] = field(default_factory=dict)

    def serve(self, asked: Asked) -> Told:
        """See the base."""
        if asked.headers.get("x-auth-token") != "token":
            return Told(401, {})
        parts = urlsplit(asked.path)
        for pattern, handle in _ROUTES.items():
            if found := re.fullmatch(pattern, f"{asked.method} {parts.path}"):
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                return handle(self, asked, query, *found.groups())
        return Told(404, {})


def _page(rows: list[Any], query: Json) -> Told:
    """As V2 lists: nothing is 204."""
    size, number = int(query["limit"]), int(query["page"])
    page = rows[size * (number - 1) : size * number]
    return Told(200, page) if page else Told(204, None)


def _orders(here: BigCommerceStandIn, asked: Asked, query: Json) -> Told:
    def at(order: Json) -> str:
        moment = parsedate_to_datetime(order["date_modified"])
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    found = [one["order"] for one in here.orders.values()]
    span = (query["min_date_modified"], query["max_date_modified"])
    inside = [one for one in found if span[0] <= at(one) <= span[1]]
    return _page(sorted(inside, key=lambda one: (at(one), one["id"])), query)


def _order(here: BigCommerceStandIn, asked: Asked, query: Json, name: str) -> Told:
    return Told(200, here.orders[name]["order"]) if name in here.orders else Told(404, {})


def _linked(here: BigCommerceStandIn, asked: Asked, query: Json, name: str, what: str) -> Told:
    if what == "consignments":
        return Told(200, [here.orders[name].get(what, {})])
    if what == "shipments":
        rows = [one for one in here.shipments if one["order_id"] == int(name)]
        return _page(rows, {"limit": "250", "page": "1", **query})
    return _page(here.orders[name][what], {"limit": "250", "page": "1", **query})


def _ship(here: BigCommerceStandIn, asked: Asked, query: Json, name: str) -> Told:
    made = {"id": 1 + len(here.shipments), "order_id": int(name), **asked.body}
    here.shipments.append(made)
    return here.changed(made)


def _quote(here: BigCommerceStandIn, asked: Asked, query: Json, name: str) -> Told:
    return Told(200, {"data": {"refund_methods": [here.ways] if here.ways else []}})


def _refunds(here: BigCommerceStandIn, asked: Asked, query: Json, name: str) -> Told:
    return Told(200, {"data": here.refunds})


def _refund(here: BigCommerceStandIn, asked: Asked, query: Json, name: str) -> Told:
    made = {"id": 1 + len(here.refunds), **asked.body}
    here.refunds.append(made)
    products = {one["id"]: one for one in here.orders[name]["products"]}
    for item in asked.body["items"]:
        if item["item_type"] == "PRODUCT":
            products[item["item_id"]]["quantity_refunded"] += item["quantity"]
    return here.changed({"data": made})


def _items(here: BigCommerceStandIn, asked: Asked, query: Json, place: str) -> Told:
    wanted = query["sku:in"].split(",") if "sku:in" in query else None
    rows = [
        {
            "identity": {"sku": sku},
            "total_inventory_onhand": units,
            "settings": {"safety_stock": here.safety.get(sku, 0)},
        }
        for (sku, where), units in sorted(here.units.items())
        if where == place and (wanted is None or sku in wanted)
    ]
    size, number = 2 if wanted is None else 250, int(query.get("page", 1))
    pages = {"total_pages": max(1, -(-len(rows) // size)), "current_page": number}
    page = rows[size * (number - 1) : size * number]
    return Told(200, {"data": page, "meta": {"pagination": pages}})


def _adjust(here: BigCommerceStandIn, asked: Asked, query: Json) -> Told:
    for row in asked.body["items"]:
        if row["quantity"] > 1_000:
            return Told(422, {"title": "too many"})
        here.units[row["sku"], str(row["location_id"])] = row["quantity"]
    return here.changed({"transaction_id": "t"})


_STORE = "/stores/abc123"
_ROUTES: dict[str, Callable[..., Told]] = {
    rf"GET {_STORE}/v2/orders": _orders,
    rf"GET {_STORE}/v2/orders/(\d+)": _order,
    rf"GET {_STORE}/v2/orders/(\d+)/(\w+)": _linked,
    rf"POST {_STORE}/v2/orders/(\d+)/shipments": _ship,
    rf"GET {_STORE}/v3/orders/(\d+)/payment_actions/refunds": _refunds,
    rf"POST {_STORE}/v3/orders/(\d+)/payment_actions/refund_quotes": _quote,
    rf"POST {_STORE}/v3/orders/(\d+)/payment_actions/refunds": _refund,
    rf"GET {_STORE}/v3/inventory/locations/(\d+)/items": _items,
    rf"PUT {_STORE}/v3/inventory/adjustments/absolute": _adjust,
}


def bigcommerce_stand_in() -> AbstractContextManager[BigCommerceStandIn]:
    """One that listens until the block ends, at its `url`."""
    return serving(BigCommerceStandIn())
