"""What the shop's locations show of each item."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
_SKU = re.compile(r'sku:"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")


@dataclass
class Item:
    """An inventory item; `levels`: available units by location."""

    sku: str
    levels: dict[str, int] = field(default_factory=dict)
    tracked: bool = True


@dataclass
class Stock:
    """Items by gid. `page`: how many an answer holds; `changes`: what was set, as it was told.

    `sold` are called before a change is made: what buyers do between a look and a change.
    """

    items: dict[str, Item] = field(default_factory=dict)
    page: int = 100
    changes: list[Json] = field(default_factory=list)
    sold: list[Callable[[], object]] = field(default_factory=list)

    def add(self, sku: str, place: str | None, units: int = 0, *, tracked: bool = True) -> str:
        """One more item, which shows these units at the location; its gid."""
        gid = f"gid://shopify/InventoryItem/{len(self.items) + 1}"
        levels = {f"gid://shopify/Location/{place}": units} if place else {}
        self.items[gid] = Item(sku, levels, tracked)
        return gid

    def shown(self, sku: str, place: str) -> int:
        """What buyers see of a SKU."""
        (item,) = (one for one in self.items.values() if one.sku == sku)
        return item.levels[f"gid://shopify/Location/{place}"]

    def buy(self, sku: str, place: str, units: int = 1) -> None:
        """A buyer orders: the shop shows less at once."""
        (item,) = (one for one in self.items.values() if one.sku == sku)
        item.levels[f"gid://shopify/Location/{place}"] -= units

    def operations(self) -> dict[str, Callable[[Json], Json]]:
        """What it answers, by the name of the operation."""
        return {
            "Items": lambda asked: {"inventoryItems": self._search(asked)},
            "Look": lambda asked: {"nodes": [self._look(one, asked) for one in asked["ids"]]},
            "Levels": lambda asked: {"location": self._levels(asked)},
            "Show": lambda asked: {"inventorySetQuantities": self._show(asked["input"])},
        }

    def _search(self, asked: Json) -> Json:
        """As Shopify searches: whatever the case."""
        wanted = {_ESCAPED.sub(r"\1", one).lower() for one in _SKU.findall(asked["query"])}
        found = [
            {"id": gid, "sku": item.sku}
            for gid, item in self.items.items()
            if item.sku.lower() in wanted
        ]
        return self._paged(found, asked["after"])

    def _look(self, gid: str, asked: Json) -> Json | None:
        if gid not in self.items:
            return None
        units = self.items[gid].levels.get(asked["place"])
        level = None if units is None else {"quantities": [{"quantity": units}]}
        return {"id": gid, "inventoryLevel": level}

    def _levels(self, asked: Json) -> Json:
        nodes = [
            {
                "item": {"id": gid, "sku": item.sku, "tracked": item.tracked},
                "quantities": [{"quantity": item.levels[asked["place"]]}],
            }
            for gid, item in self.items.items()
            if asked["place"] in item.levels
        ]
        return {"inventoryLevels": self._paged(nodes, asked["after"])}

    def _paged(self, nodes: list[Json], after: str | None) -> Json:
        start = int(after or 0)
        end = start + self.page
        more = {"hasNextPage": end < len(nodes), "endCursor": str(end)}
        return {"nodes": nodes[start:end], "pageInfo": more}

    def _show(self, told: Json) -> Json:
        due, self.sold = self.sold, []
        for happen in due:
            happen()
        errors = [
            error
            for index, one in enumerate(told["quantities"])
            if (error := self._refusal(index, one))
        ]
        if not errors:
            self.changes.append(told)
            for one in told["quantities"]:
                self.items[one["inventoryItemId"]].levels[one["locationId"]] = one["quantity"]
        return {"userErrors": errors}

    def _refusal(self, index: int, told: Mapping[str, Any]) -> Json | None:
        path = ["input", "quantities", str(index)]
        item = self.items.get(told["inventoryItemId"])
        if item is None:
            text = "The specified inventory item could not be found."
            return {"code": "INVALID_INVENTORY_ITEM", "field": path, "message": text}
        if item.levels.get(told["locationId"]) != told["changeFromQuantity"]:
            text = "The changeFromQuantity value does not match the persisted value."
            path = [*path, "changeFromQuantity"]
            return {"code": "CHANGE_FROM_QUANTITY_STALE", "field": path, "message": text}
        return None
