"""What a seller's items show at one ship node, by Walmart's inventory API.

https://developer.walmart.com/us-marketplace/docs/inventory-overview. What is entered for a node
contains what is sold and not shipped yet; what may be sold is the rest. It takes 200 changes a
minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from dom.channels.credentials import Credentials
from dom.channels.listing_shelf import ListingShelf
from dom.channels.walmart_api import ask
from dom.model.outlet import Outlet, Shown

PAGE = 50


@dataclass(frozen=True, slots=True)
class WalmartShelf(ListingShelf):
    """`dom.model.outlet.Shelf` of one seller; the outlet's location is the ship node's id."""

    outlet: Outlet
    credentials: Credentials

    def units(self, item: str) -> int | None:
        """See the base."""
        node = self._node(item)
        return _sellable(node) if node else None

    def put(self, item: str, units: int) -> str:
        """See the base."""
        node = self._node(item)
        if node is None:
            return "it is not stocked there any more"
        # What is entered contains what is sold and not shipped yet.
        reserved = _amount(node, "inputQty") - _sellable(node)
        quantity = {"unit": "EACH", "amount": units + max(0, reserved)}
        entered = {"shipNode": self.outlet.location, "inputQty": quantity}
        told = {"inventories": {"nodes": [entered]}}
        answer = self._ask("PUT", f"/v3/inventories/{quote(item, safe='')}", told)
        wrong = [one for one in answer["nodes"] if one.get("status") != "Success"]
        return str(wrong[0].get("errors") or "refused")[:400] if wrong else ""

    def page(self, cursor: str) -> tuple[Sequence[Shown], str]:
        """See the protocol."""
        query = {"limit": str(PAGE), **({"nextCursor": cursor} if cursor else {})}
        answer = self._ask("GET", f"/v3/inventories?{urlencode(query)}")
        items = answer["elements"]["inventories"]
        nodes = ((str(item["sku"]), node) for item in items for node in item["nodes"])
        shown = [Shown(sku, sku, _sellable(node)) for sku, node in nodes if self._is_here(node)]
        return shown, str((answer.get("meta") or {}).get("nextCursor") or "")

    def _node(self, sku: str) -> Any:
        """What the node has of it; None: nothing was ever entered."""
        query = urlencode({"shipNode": self.outlet.location})
        answer = self._ask("GET", f"/v3/inventories/{quote(sku, safe='')}?{query}")
        return next((node for node in answer["nodes"] if self._is_here(node)), None)

    def _is_here(self, node: Any) -> bool:
        return str(node["shipNode"]) == self.outlet.location

    def _ask(self, method: str, path: str, payload: object = None) -> Any:
        return ask(self.outlet.account, self.credentials, method, path, payload)


def _amount(node: Any, name: str) -> int:
    return int(node[name]["amount"])


def _sellable(node: Any) -> int:
    return _amount(node, "availToSellQty" if "availToSellQty" in node else "inputQty")
