"""A stand-in of Walmart's Marketplace API: tokens, purchase orders, stock of ship nodes."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tools.stand_in import Asked, StandIn, Told, serving

Json = dict[str, Any]
TOKEN = "eyJ.one"
PAGE = 2


@dataclass
class WalmartStandIn(StandIn):
    """Purchase orders by id as one is read, units entered by SKU and ship node, and those of them
    that are sold and not shipped by SKU.
    """

    orders: dict[str, Json] = field(default_factory=dict)
    units: dict[tuple[str, str], int] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)
    shipped: list[Json] = field(default_factory=list)
    reserved: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    tokens: int = 0

    def serve(self, asked: Asked) -> Told:
        """See the base."""
        parts = urlsplit(asked.path)
        if not asked.headers.get("wm_qos.correlation_id") or not asked.headers.get("wm_svc.name"):
            return Told(400, {"error": "headers"})
        if parts.path == "/v3/token":
            self.tokens += 1
            return Told(200, {"access_token": TOKEN, "expires_in": 900})
        if asked.headers.get("wm_sec.access_token") != TOKEN:
            return Told(401, {})
        return self._known(asked, parts.path, parse_qs(parts.query))

    def _known(self, asked: Asked, path: str, values: dict[str, list[str]]) -> Told:
        query = {name: each[0] for name, each in values.items()}
        if path == "/v3/orders":
            return self._list(query)
        if found := re.fullmatch(r"/v3/orders/([^/]+)(?:/(\w+))?", path):
            return self._order(found[1], found[2] or "", asked.body)
        if path == "/v3/inventories":
            return self._inventories(query)
        if found := re.fullmatch(r"/v3/inventories/(.+)", path):
            return self._inventory(asked, unquote(found[1]), query)
        return Told(404, {})

    def _list(self, query: Json) -> Told:
        kind = query["shipNodeType"]
        found = [
            one["order"] for one in self.orders.values() if one["order"]["shipNode"]["type"] == kind
        ]
        start = int(query.get("poIndex", 0))
        cursor = (
            f"?limit={PAGE}&poIndex={start + PAGE}&shipNodeType={kind}"
            if start + PAGE < len(found)
            else None
        )
        # Lists leave out who ships.
        page = [{**one, "shipNode": []} for one in found[start : start + PAGE]]
        meta = {"totalCount": len(found), "limit": PAGE, "nextCursor": cursor}
        return Told(200, {"list": {"meta": meta, "elements": {"order": page}}})

    def _order(self, name: str, action: str, body: Json) -> Told:
        if name not in self.orders:
            return Told(404, {})
        lines = self.orders[name]["order"]["orderLines"]["orderLine"]
        if not action:
            return Told(200, self.orders[name])
        if action == "acknowledge":
            self.acknowledged.append(name)
            for line in lines:
                _move(line, "Created", "Acknowledged", None, {})
        by_number = {line["lineNumber"]: line for line in lines}
        if action == "shipping":
            self.shipped += _told(body, action)
        done = [_do(by_number[told["lineNumber"]], told) for told in _told(body, action)]
        if not all(done):
            return Told(400, {"errors": {"error": [{"code": "INVALID_REQUEST"}]}})
        return self.changed(self.orders[name])

    def _inventory(self, asked: Asked, sku: str, query: Json) -> Told:
        if asked.method == "PUT":
            (node,) = asked.body["inventories"]["nodes"]
            status = {"shipNode": node["shipNode"], "status": "Success"}
            if sku in self.refused:
                status |= {"status": "Failure", "errors": [{"code": "INVALID_NODE"}]}
            else:
                self.units[sku, node["shipNode"]] = node["inputQty"]["amount"]
            return self.changed({"sku": sku, "nodes": [status]})
        key = (sku, query["shipNode"])
        if key not in self.units:
            return Told(404, {})
        return Told(200, {"sku": sku, "nodes": [self._node(*key)]})

    def _node(self, sku: str, node: str) -> Json:
        entered, reserved = self.units[sku, node], self.reserved.get(sku, 0)
        figures = {"inputQty": entered, "availToSellQty": entered - reserved}
        told = {name: {"unit": "EACH", "amount": n} for name, n in figures.items()}
        return {"shipNode": node, **told}

    def _inventories(self, query: Json) -> Told:
        start = int(query.get("nextCursor", 0))
        rows = sorted(self.units.items())
        page = [
            {"sku": sku, "nodes": [self._node(sku, node)]}
            for (sku, node), _ in rows[start : start + PAGE]
        ]
        meta = {"nextCursor": str(start + PAGE)} if start + PAGE < len(rows) else {}
        return Told(200, {"elements": {"inventories": page}, "meta": meta})


def _told(body: Json | None, action: str) -> list[Json]:
    boxes = {"shipping": "orderShipment", "cancel": "orderCancellation", "refund": "orderRefund"}
    if action not in boxes or not body:
        return []
    found: list[Json] = body[boxes[action]]["orderLines"]["orderLine"]
    return found


def _do(line: Json, told: Json) -> bool:
    """What is told of a line; False where its units do not have the status for it."""
    if "refunds" in told:
        line["refund"] = {**told["refunds"]["refund"][0], "refundId": "r-1"}
        return True
    moved = []
    for status in told["orderLineStatuses"]["orderLineStatus"]:
        units = int(status["statusQuantity"]["amount"])
        more = {k: v for k, v in status.items() if k == "trackingInfo"}
        moved.append(_move(line, "Acknowledged", status["status"], units, more))
    return all(moved)


def _move(line: Json, old: str, new: str, units: int | None, more: Json) -> bool:
    """Units of a line from one status to another; False where so many do not have it."""
    statuses = line["orderLineStatuses"]["orderLineStatus"]
    for one in [one for one in statuses if one["status"] == old]:
        had = int(one["statusQuantity"]["amount"])
        moved = had if units is None else units
        if moved > had:
            return False
        one["statusQuantity"] = {"unitOfMeasurement": "EACH", "amount": str(had - moved)}
        quantity = {"unitOfMeasurement": "EACH", "amount": str(moved)}
        statuses.append({"status": new, "statusQuantity": quantity, **more})
        if had == moved:
            statuses.remove(one)
        return True
    return False


def walmart_stand_in() -> AbstractContextManager[WalmartStandIn]:
    """One that listens until the block ends, at its `url`."""
    return serving(WalmartStandIn())
