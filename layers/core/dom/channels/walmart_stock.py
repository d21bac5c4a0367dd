"""What a seller's items show at one ship node, by Walmart's inventory API.

https://developer.walmart.com/us-marketplace/docs/inventory-overview. It takes 200 changes a minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dom.channels.credentials import Credentials
from dom.channels.listing_shelf import ListingShelf
from dom.channels.walmart_api import ask
from dom.http.client import Refused
from dom.model.outlet import Outlet, Shown

PAGE = 50


@dataclass(frozen=True, slots=True)
class WalmartShelf(ListingShelf):
    """`dom.model.outlet.Shelf` of one seller; the outlet's location is the ship node's id."""

    outlet: Outlet
    credentials: Credentials

    def page(self, cursor: str) -> tuple[Sequence[Shown], str]:
        """See the protocol."""
        query = {"limit": str(PAGE), **({"nextCursor": cursor} if cursor else {})}
        answer = self._ask("GET", f"/v3/inventories?{urlencode(query)}")
        items = answer["elements"]["inventories"]
        nodes = ((str(item["sku"]), node) for item in items for node in item["nodes"])
        shown = [
            Shown(sku, sku, int(node["inputQty"]["amount"]))
            for sku, node in nodes
            if str(node["shipNode"]) == self.outlet.location
        ]
        return shown, str((answer.get("meta") or {}).get("nextCursor") or "")

    def units(self, sku: str) -> int | None:
        """See the base."""
        try:
            return int(self._ask("GET", self._path(sku))["quantity"]["amount"])
        except Refused as refused:
            if refused.status == 404:
                return None
            raise

    def put(self, sku: str, units: int) -> str:
        """See the base."""
        told = {"sku": sku, "quantity": {"unit": "EACH", "amount": units}}
        try:
            self._ask("PUT", self._path(sku), told)
        except Refused as refused:
            return str(refused)
        return ""

    def _path(self, sku: str) -> str:
        return f"/v3/inventory?{urlencode({'sku': sku, 'shipNode': self.outlet.location})}"

    def _ask(self, method: str, path: str, payload: object = None) -> Any:
        return ask(self.outlet.account, self.credentials, method, path, payload)
