"""What is to be fulfilled of orders, and what was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
_OPEN = ("OPEN", "IN_PROGRESS")


@dataclass
class Shipping:
    """Fulfillment orders and fulfillments by order gid. `page`: how many lines an answer holds."""

    orders: dict[str, list[Json]] = field(default_factory=dict)
    fulfillments: dict[str, list[Json]] = field(default_factory=dict)
    page: int = 100

    def expect(
        self, order: str, lines: Mapping[str, int], place: str = "1", status: str = "OPEN"
    ) -> Json:
        """An order has one more fulfillment order, of units by line id, at that location."""
        known = self.orders.setdefault(order, [])
        number = sum(len(one) for one in self.orders.values()) + 1
        made = {
            "id": f"gid://shopify/FulfillmentOrder/{number}",
            "status": status,
            "assignedLocation": {"location": {"id": f"gid://shopify/Location/{place}"}},
            "lines": [
                {
                    "id": f"gid://shopify/FulfillmentOrderLineItem/{number}{index}",
                    "remainingQuantity": units,
                    "lineItem": {"id": f"gid://shopify/LineItem/{line}"},
                }
                for index, (line, units) in enumerate(lines.items())
            ],
        }
        known.append(made)
        return made

    def operations(self) -> dict[str, Callable[[Json], Json]]:
        """What it answers, by the name of the operation."""
        return {
            "Shipments": lambda asked: {"order": self._order(asked["id"])},
            "Units": lambda asked: {"node": self._units(asked)},
            "Open": lambda asked: {"node": self._open(asked)},
            "Ship": lambda asked: {"fulfillmentCreate": self._ship(asked["fulfillment"])},
        }

    def _order(self, gid: str) -> Json | None:
        if gid not in self.orders:
            return None
        shown = ("id", "status", "assignedLocation")
        nodes = [{name: one[name] for name in shown} for one in self.orders[gid]]
        told = ("id", "status", "createdAt", "trackingInfo")
        made = [{name: one[name] for name in told} for one in self.fulfillments.get(gid, [])]
        return {"fulfillments": made, "fulfillmentOrders": {"nodes": nodes}}

    def _units(self, asked: Json) -> Json:
        every = (one for made in self.fulfillments.values() for one in made)
        found = next(one for one in every if one["id"] == asked["id"])
        return {"fulfillmentLineItems": self._paged(found["lines"], asked["after"])}

    def _open(self, asked: Json) -> Json:
        return {"lineItems": self._paged(self._known(asked["id"])[1]["lines"], asked["after"])}

    def _paged(self, nodes: list[Json], after: str | None) -> Json:
        start = int(after or 0)
        end = start + self.page
        more = {"hasNextPage": end < len(nodes), "endCursor": str(end)}
        return {"nodes": nodes[start:end], "pageInfo": more}

    def _known(self, name: str) -> tuple[str, Json]:
        every = ((gid, one) for gid, made in self.orders.items() for one in made)
        return next((gid, one) for gid, one in every if one["id"] == name)

    def _ship(self, told: Json) -> Json:
        parts = told["lineItemsByFulfillmentOrder"]
        known = [self._known(part["fulfillmentOrderId"]) for part in parts]
        places = {one["assignedLocation"]["location"]["id"] for _, one in known}
        if len({gid for gid, _ in known}) > 1 or len(places) > 1:
            return _refused("All fulfillment orders must have the same order and location")
        taken = [
            (line, item["quantity"])
            for part, (_, one) in zip(parts, known, strict=True)
            for item in part["fulfillmentOrderLineItems"]
            for line in one["lines"]
            if line["id"] == item["id"]
        ]
        if any(one["status"] not in _OPEN for _, one in known):
            return _refused("The fulfillment order is not in an open state")
        if any(units > line["remainingQuantity"] for line, units in taken):
            return _refused("Invalid fulfillment order line item quantity requested")
        for line, units in taken:
            line["remainingQuantity"] -= units
        for _, one in known:
            if not any(line["remainingQuantity"] for line in one["lines"]):
                one["status"] = "CLOSED"
        return self._made(known[0][0], told, [{"quantity": n, **_item(x)} for x, n in taken])

    def _made(self, gid: str, told: Json, lines: list[Json]) -> Json:
        known = self.fulfillments.setdefault(gid, [])
        number = sum(len(one) for one in self.fulfillments.values()) + 1
        info = told["trackingInfo"] or {}
        made = {
            "id": f"gid://shopify/Fulfillment/{number}",
            "status": "SUCCESS",
            "createdAt": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "trackingInfo": [{"number": one} for one in info.get("numbers", [])],
            "lines": lines,
            "told": told,
        }
        known.append(made)
        return {"fulfillment": {"id": made["id"]}, "userErrors": []}


def _item(line: Json) -> Json:
    return {"lineItem": line["lineItem"]}


def _refused(message: str) -> Json:
    return {"fulfillment": None, "userErrors": [{"field": ["fulfillment"], "message": message}]}
