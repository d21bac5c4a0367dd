"""What a location of a store holds, by BigCommerce's V3 inventory API.

https://developer.bigcommerce.com/docs/rest-management/inventory. A store takes units off with each
order. Of one SKU at a time, so that what was sold between look and change is noticed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dom.channels.bigcommerce_rest import PAGE, ask
from dom.channels.credentials import Credentials
from dom.channels.listing_shelf import ListingShelf
from dom.model.outlet import Outlet, Shown

# SKUs in one question: an address has its limits.
SKUS_A_LOOK = 40


@dataclass(frozen=True, slots=True)
class BigCommerceShelf(ListingShelf):
    """`dom.model.outlet.Shelf` of one store's location."""

    outlet: Outlet
    credentials: Credentials

    def units(self, item: str) -> int | None:
        """See the base."""
        return self.look([item])[item]

    def look(self, items: Sequence[str]) -> Mapping[str, int | None]:
        """See the protocol. A SKU with a comma cannot be asked for, and is not shown."""
        shown: dict[str, int | None] = dict.fromkeys(items)
        known = [sku for sku in items if "," not in sku]
        for start in range(0, len(known), SKUS_A_LOOK):
            query = {"sku:in": ",".join(known[start : start + SKUS_A_LOOK])}
            for one in self._items(query)[0]:
                sku = str(one["identity"]["sku"])
                shown |= {sku: _sellable(one)} if sku in shown else {}
        return shown

    def put(self, item: str, units: int) -> str:
        """See the base."""
        here = next(iter(self._items({"sku:in": item})[0]), None)
        if here is None:
            return "it is not stocked there any more"
        # What is on hand contains what the store keeps back by itself.
        on_hand = units + _kept(here)
        row = {"location_id": int(self.outlet.location), "sku": item, "quantity": on_hand}
        self._ask("PUT", "adjustments/absolute", {"reason": "sync", "items": [row]})
        return ""

    def page(self, cursor: str) -> tuple[Sequence[Shown], str]:
        """See the protocol."""
        number = int(cursor or 1)
        rows, pages = self._items({"page": str(number)})
        skus = ((str(one["identity"]["sku"]), one) for one in rows)
        shown = [Shown(sku, sku, _sellable(one)) for sku, one in skus]
        return shown, str(number + 1) if number < pages else ""

    def _items(self, query: Mapping[str, str]) -> tuple[list[Any], int]:
        path = f"locations/{self.outlet.location}/items"
        answer = self._ask("GET", path, None, {"limit": str(PAGE), **query})
        return list(answer["data"]), int(answer["meta"]["pagination"]["total_pages"])

    def _ask(
        self, method: str, path: str, payload: object, query: Mapping[str, str] | None = None
    ) -> Any:
        account = self.outlet.account, self.credentials
        return ask(*account, method, f"v3/inventory/{path}", query, payload)


def _kept(item: Any) -> int:
    return int((item.get("settings") or {}).get("safety_stock") or 0)


def _sellable(item: Any) -> int:
    return max(0, int(item["total_inventory_onhand"]) - _kept(item))
