"""A stand-in of an Adobe Commerce shop: orders, shipments, invoices, sources of stock."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tools.stand_in import Asked, StandIn, Told, serving

Json = dict[str, Any]


@dataclass
class MagentoStandIn(StandIn):
    """Orders by id, shipments and invoices as made, source items by SKU and source.

    `reserved`: units of a SKU in open orders of the shop.
    """

    orders: dict[str, Json] = field(default_factory=dict)
    shipments: list[Json] = field(default_factory=list)
    invoices: list[Json] = field(default_factory=list)
    refunds: list[Json] = field(default_factory=list)
    memos: list[Json] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    sources: dict[tuple[str, str], Json] = field(default_factory=dict)
    reserved: dict[str, int] = field(default_factory=dict)

    def put_source(self, sku: str, source: str, quantity: int, status: int = 1) -> None:
        """What a source holds."""
        row = {"sku": sku, "source_code": source, "quantity": quantity, "status": status}
        self.sources[sku, source] = row

    def serve(self, asked: Asked) -> Told:
        """See the base."""
        if asked.headers.get("authorization") != "Bearer token":
            return Told(401, {"message": "The consumer isn't authorized to access %resources."})
        parts = urlsplit(asked.path)
        for pattern, handle in _ROUTES.items():
            if found := re.fullmatch(pattern, f"{asked.method} {parts.path}"):
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                return handle(self, asked, query, *(unquote(one) for one in found.groups()))
        return Told(404, {"message": "Request does not match any route."})


def _found(rows: list[Json], query: Json) -> Told:
    """As a search answers: a page after the last one is the last one again."""
    for n in range(len(query)):
        group = f"searchCriteria[filterGroups][{n}][filters][0]"
        if f"{group}[field]" in query:
            name, value = query[f"{group}[field]"], query[f"{group}[value]"]
            kind = query[f"{group}[conditionType]"]
            rows = [row for row in rows if _HOLDS[kind](str(row[name]), value)]
    size = int(query.get("searchCriteria[pageSize]", 0)) or len(rows) or 1
    pages = max(1, -(-len(rows) // size))
    number = min(int(query.get("searchCriteria[currentPage]", 1)), pages)
    page = rows[size * (number - 1) : size * number]
    return Told(200, {"items": page or None, "total_count": len(rows)})


_HOLDS: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda one, other: one == other,
    "gteq": lambda one, other: one >= other,
    "lteq": lambda one, other: one <= other,
}


def _orders(here: MagentoStandIn, asked: Asked, query: Json) -> Told:
    rows = sorted(here.orders.values(), key=lambda one: (one["updated_at"], one["entity_id"]))
    return _found(rows, query)


def _order(here: MagentoStandIn, asked: Asked, query: Json, name: str) -> Told:
    return Told(200, here.orders[name]) if name in here.orders else Told(404, {"message": "no"})


def _cancel(here: MagentoStandIn, asked: Asked, query: Json, name: str) -> Told:
    if here.orders[name].get("state") == "holded":
        return Told(200, False)
    here.cancelled.append(name)
    for item in here.orders[name]["items"]:
        item["qty_canceled"] = item["qty_ordered"] - item["qty_shipped"]
    return here.changed(True)


def _ship(here: MagentoStandIn, asked: Asked, query: Json, name: str) -> Told:
    made = {
        "entity_id": 1 + len(here.shipments),
        "order_id": int(name),
        "items": asked.body["items"],
        "tracks": asked.body["tracks"],
        "comments": [asked.body["comment"]],
    }
    here.shipments.append(made)
    return here.changed(str(made["entity_id"]))


def _shipments(here: MagentoStandIn, asked: Asked, query: Json) -> Told:
    return _found(here.shipments, query)


def _invoices(here: MagentoStandIn, asked: Asked, query: Json) -> Told:
    return _found(here.invoices, query)


def _refund(here: MagentoStandIn, asked: Asked, query: Json, name: str) -> Told:
    (invoice,) = [one for one in here.invoices if str(one["entity_id"]) == name]
    items = {one["item_id"]: one for one in here.orders[str(invoice["order_id"])]["items"]}
    for told in asked.body["items"]:
        items[told["order_item_id"]]["qty_refunded"] += told["qty"]
    here.refunds.append(asked.body)
    memo = {
        "entity_id": len(here.refunds),
        "order_id": invoice["order_id"],
        "comments": [asked.body["comment"]],
        "items": asked.body["items"],
    }
    here.memos.append(memo)
    return here.changed(str(memo["entity_id"]))


def _memos(here: MagentoStandIn, asked: Asked, query: Json) -> Told:
    return _found(here.memos, query)


def _sources(here: MagentoStandIn, asked: Asked, query: Json) -> Told:
    return _found([here.sources[key] for key in sorted(here.sources)], query)


def _put_sources(here: MagentoStandIn, asked: Asked, query: Json) -> Told:
    for row in asked.body["sourceItems"]:
        here.sources[row["sku"], row["source_code"]] = row
    return here.changed([])


def _salable(here: MagentoStandIn, asked: Asked, query: Json, sku: str, stock: str) -> Told:
    held = sum(row["quantity"] for (name, _), row in here.sources.items() if name == sku)
    if not any(row["status"] for (name, _), row in here.sources.items() if name == sku):
        return Told(200, 0)
    return Told(200, held - here.reserved.get(sku, 0))


_ROUTES: dict[str, Callable[..., Told]] = {
    r"GET /rest/V1/orders": _orders,
    r"GET /rest/V1/orders/(\d+)": _order,
    r"POST /rest/V1/orders/(\d+)/cancel": _cancel,
    r"POST /rest/V1/order/(\d+)/ship": _ship,
    r"GET /rest/V1/shipments": _shipments,
    r"GET /rest/V1/invoices": _invoices,
    r"GET /rest/V1/creditmemos": _memos,
    r"POST /rest/V1/invoice/(\d+)/refund": _refund,
    r"GET /rest/V1/inventory/source-items": _sources,
    r"POST /rest/V1/inventory/source-items": _put_sources,
    r"GET /rest/V1/inventory/get-product-salable-quantity/([^/]+)/(\d+)": _salable,
}


def magento_stand_in() -> AbstractContextManager[MagentoStandIn]:
    """One that listens until the block ends, at its `url`."""
    return serving(MagentoStandIn())
