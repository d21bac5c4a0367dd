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
from dom.http.client import Refused
from dom.model.outlet import Outlet, Shown

# SKUs in one question: an address has its limits.
SKUS_A_LOOK = 40


@dataclass(frozen=True, slots=True)
class BigCommerceShelf(ListingShelf):
    """`dom.model.outlet.Shelf` of one store's location."""

    outlet: Outlet
    credentials: Credentials

    def units(self, sku: str) -> int | None:
        """See the base."""
        return self.look([sku])[sku]

    def look(self, items: Sequence[str]) -> Mapping[str, int | None]:
        """See the protocol. A SKU with a comma cannot be asked for, and is not shown."""
        shown: dict[str, int | None] = dict.fromkeys(items)
        known = [sku for sku in items if "," not in sku]
        for start in range(0, len(known), SKUS_A_LOOK):
            query = {"sku:in": ",".join(known[start : start + SKUS_A_LOOK])}
            found, _ = self._items(query)
            shown |= {one.item: one.units for one in found if one.item in shown}
        return shown

    def put(self, sku: str, units: int) -> str:
        """See the base."""
        row = {"location_id": int(self.outlet.location), "sku": sku, "quantity": units}
        try:
            self._ask("PUT", "adjustments/absolute", {"reason": "sync", "items": [row]})
        except Refused as refused:
            return str(refused)
        return ""

    def page(self, cursor: str) -> tuple[Sequence[Shown], str]:
        """See the protocol."""
        number = int(cursor or 1)
        shown, pages = self._items({"page": str(number)})
        return shown, str(number + 1) if number < pages else ""

    def _items(self, query: Mapping[str, str]) -> tuple[list[Shown], int]:
        path = f"locations/{self.outlet.location}/items"
        answer = self._ask("GET", path, None, {"limit": str(PAGE), **query})
        shown = [
            Shown(one["identity"]["sku"], one["identity"]["sku"], one["total_inventory_onhand"])
            for one in answer["data"]
        ]
        return shown, int(answer["meta"]["pagination"]["total_pages"])

    def _ask(
        self, method: str, path: str, payload: object, query: Mapping[str, str] | None = None
    ) -> Any:
        account = self.outlet.account, self.credentials
        return ask(*account, method, f"v3/inventory/{path}", query, payload)
