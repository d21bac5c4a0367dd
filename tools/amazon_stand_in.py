"""A stand-in of Amazon's Selling Partner API: login, orders of both versions, listings, feeds."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tools.stand_in import Asked, StandIn, Told, serving

Json = dict[str, Any]
TOKEN, RESTRICTED = "Atza|one", "Atz.sprdt|two"
PAGE = 2


@dataclass
class AmazonStandIn(StandIn):
    """Orders by id as `getOrder` answers them, units by SKU, packages by order, feeds as sent.

    `v0` has orders and items as version 0 answers.
    """

    orders: dict[str, Json] = field(default_factory=dict)
    v0: dict[str, Json] = field(default_factory=dict)
    units: dict[str, int | None] = field(default_factory=dict)
    packages: dict[str, dict[str, Json]] = field(default_factory=dict)
    feeds: list[Json] = field(default_factory=list)
    documents: dict[str, str] = field(default_factory=dict)
    issues: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    logins: int = 0
    uploads_to: str = ""

    def answer(self, asked: Asked) -> Told:
        """See the base."""
        self.asked.append(f"{asked.method} {urlsplit(asked.path).path}")
        return super().answer(asked)

    def serve(self, asked: Asked) -> Told:
        """See the base."""
        parts = urlsplit(asked.path)
        if parts.path == "/auth/o2/token":
            self.logins += 1
            return Told(200, {"access_token": TOKEN, "expires_in": 3600})
        if parts.path.startswith("/upload/"):
            self.documents[parts.path] = str(asked.body)
            return Told(200, {})
        if asked.headers.get("x-amz-access-token") not in (TOKEN, RESTRICTED):
            return Told(403, {"errors": [{"code": "Unauthorized"}]})
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        for pattern, handle in _ROUTES.items():
            found = re.fullmatch(pattern, f"{asked.method} {parts.path}")
            if found:
                return handle(self, asked, query, *(unquote(one) for one in found.groups()))
        return Told(404, {"errors": [{"code": "NotFound"}]})


def _search(here: AmazonStandIn, asked: Asked, query: Json) -> Told:
    found = [one["order"] for one in here.orders.values()]
    inside = [
        {"orderId": one["orderId"], "lastUpdatedTime": one["lastUpdatedTime"]}
        for one in found
        if query["lastUpdatedAfter"] <= one["lastUpdatedTime"] <= query["lastUpdatedBefore"]
        if one["fulfillment"]["fulfilledBy"] == query["fulfilledBy"]
    ]
    start = int(query.get("paginationToken", 0))
    more = {"nextToken": str(start + PAGE)} if start + PAGE < len(inside) else {}
    return Told(200, {"orders": inside[start : start + PAGE], "pagination": more})


def _order(here: AmazonStandIn, asked: Asked, query: Json, name: str) -> Told:
    return Told(200, here.orders[name]) if name in here.orders else Told(404, {})


def _search_v0(here: AmazonStandIn, asked: Asked, query: Json) -> Told:
    rows = [one["payload"] for one in here.v0.values()]
    orders = [row for row in rows if row["LastUpdateDate"] >= query["LastUpdatedAfter"]]
    return Told(200, {"payload": {"Orders": orders}})


def _order_v0(here: AmazonStandIn, asked: Asked, query: Json, name: str) -> Told:
    """Address and buyer are for restricted tokens only."""
    payload = dict(here.v0[name]["payload"])
    if asked.headers["x-amz-access-token"] != RESTRICTED:
        payload = {k: v for k, v in payload.items() if k not in ("ShippingAddress", "BuyerInfo")}
    return Told(200, {"payload": payload})


def _items_v0(here: AmazonStandIn, asked: Asked, query: Json, name: str) -> Told:
    items, start = here.v0[name]["OrderItems"], int(query.get("NextToken", 0))
    more = {"NextToken": str(start + 1)} if start + 1 < len(items) else {}
    return Told(200, {"payload": {"OrderItems": items[start : start + 1], **more}})


def _restricted(here: AmazonStandIn, asked: Asked, query: Json) -> Told:
    (resource,) = asked.body["restrictedResources"]
    whole = set(resource["dataElements"]) == {"buyerInfo", "shippingAddress"}
    return Told(200, {"restrictedDataToken": RESTRICTED if whole else TOKEN, "expiresIn": 3600})


def _confirm(here: AmazonStandIn, asked: Asked, query: Json, name: str) -> Told:
    package = asked.body["packageDetail"]
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", package["shipDate"]):
        return Told(400, {"errors": [{"code": "InvalidInput"}]})
    here.packages.setdefault(name, {})[package["packageReferenceId"]] = package
    return here.changed(None, 204)


def _listing(here: AmazonStandIn, asked: Asked, query: Json, sku: str) -> Told:
    if sku not in here.units:
        return Told(404, {"errors": [{"code": "NOT_FOUND"}]})
    return Told(200, _shown(sku, here.units[sku]))


def _listings(here: AmazonStandIn, asked: Asked, query: Json) -> Told:
    rows, start = sorted(here.units.items()), int(query.get("pageToken", 0))
    more = {"nextToken": str(start + PAGE)} if start + PAGE < len(rows) else {}
    items = [_shown(sku, units) for sku, units in rows[start : start + PAGE]]
    return Told(200, {"items": items, "pagination": more})


def _shown(sku: str, units: int | None) -> Json:
    """None: Amazon stores it."""
    own = {"fulfillmentChannelCode": "DEFAULT", "quantity": units}
    by_amazon = {"fulfillmentChannelCode": "AMAZON_NA"}
    return {"sku": sku, "fulfillmentAvailability": [by_amazon if units is None else own]}


def _patch(here: AmazonStandIn, asked: Asked, query: Json, sku: str) -> Told:
    if sku in here.issues:
        issue = {"severity": "ERROR", "message": here.issues[sku]}
        return Told(200, {"sku": sku, "status": "INVALID", "issues": [issue]})
    (patch,) = asked.body["patches"]
    here.units[sku] = patch["value"][0]["quantity"]
    return here.changed({"sku": sku, "status": "ACCEPTED", "issues": []})


def _document(here: AmazonStandIn, asked: Asked, query: Json) -> Told:
    name = f"doc-{len(here.documents) + 1}"
    return Told(
        201, {"feedDocumentId": name, "url": f"{here.uploads_to or here.url}/upload/{name}"}
    )


def _feed(here: AmazonStandIn, asked: Asked, query: Json) -> Told:
    here.feeds.append(asked.body)
    return here.changed({"feedId": f"feed-{len(here.feeds)}"}, 202)


_ROUTES: dict[str, Callable[..., Told]] = {
    r"GET /orders/2026-01-01/orders": _search,
    r"GET /orders/2026-01-01/orders/([^/]+)": _order,
    r"GET /orders/v0/orders": _search_v0,
    r"GET /orders/v0/orders/([^/]+)": _order_v0,
    r"GET /orders/v0/orders/([^/]+)/orderItems": _items_v0,
    r"POST /orders/v0/orders/([^/]+)/shipmentConfirmation": _confirm,
    r"POST /tokens/2021-03-01/restrictedDataToken": _restricted,
    r"POST /feeds/2021-06-30/documents": _document,
    r"POST /feeds/2021-06-30/feeds": _feed,
    r"GET /listings/2021-08-01/items/[^/]+": _listings,
    r"GET /listings/2021-08-01/items/[^/]+/([^/]+)": _listing,
    r"PATCH /listings/2021-08-01/items/[^/]+/([^/]+)": _patch,
}


def amazon_stand_in() -> AbstractContextManager[AmazonStandIn]:
    """One that listens until the block ends, at its `url`."""
    return serving(AmazonStandIn())
