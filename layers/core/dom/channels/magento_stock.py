"""What a shop may sell of its stock, by Adobe Commerce's inventory API.

https://developer.adobe.com/commerce/webapi/rest/inventory/. A shop sells what its source holds less
what its own open orders reserve (its salable quantity). That is what is shown; to change it, the
source is moved by the difference. A source item of status 0 sells nothing, whatever it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from dom.channels.credentials import Credentials
from dom.channels.listing_shelf import ListingShelf
from dom.channels.magento_rest import ask, items, search
from dom.errors import Rejected
from dom.model.outlet import Outlet, Shown

PAGE = 50
_IN_STOCK = 1


@dataclass(frozen=True, slots=True)
class MagentoShelf(ListingShelf):
    """`dom.model.outlet.Shelf` of one shop; the outlet's location is `<source code>/<stock id>`,
    such as `default/1`.
    """

    outlet: Outlet
    credentials: Credentials

    def units(self, item: str) -> int | None:
        """See the base."""
        source, stock = self._place
        held = self._held(item, source)
        return None if held is None else self._salable(item, stock, held)

    def put(self, item: str, units: int) -> str:
        """See the base."""
        source, stock = self._place
        held = self._held(item, source)
        if held is None:
            return "it is not stocked there any more"
        # What is out of stock has nothing salable, whatever is reserved: the next look corrects it.
        sells = int(held.get("status") or 0) == _IN_STOCK
        reserved = float(held["quantity"]) - self._sellable(item, stock) if sells else 0.0
        quantity = max(0.0, units + reserved)
        row = {
            "sku": item,
            "source_code": source,
            "quantity": quantity,
            "status": int(quantity > 0),
        }
        self._ask("POST", "inventory/source-items", payload={"sourceItems": [row]})
        return ""

    def page(self, cursor: str) -> tuple[list[Shown], str]:
        """See the protocol."""
        source, stock = self._place
        number = int(cursor or 1)
        known = search(("source_code", "eq", source), pageSize=str(PAGE), currentPage=str(number))
        answer = self._ask("GET", "inventory/source-items", known)
        shown = [
            Shown(str(one["sku"]), str(one["sku"]), self._salable(str(one["sku"]), stock, one))
            for one in items(answer)
        ]
        more = int(answer["total_count"]) > number * PAGE
        return shown, str(number + 1) if more else ""

    @property
    def _place(self) -> tuple[str, str]:
        source, _, stock = self.outlet.location.partition("/")
        if not stock.isdigit():
            raise Rejected("the outlet's location is <source code>/<stock id>, such as default/1")
        return source, stock

    def _held(self, sku: str, source: str) -> dict[str, Any] | None:
        known = search(("sku", "eq", sku), ("source_code", "eq", source))
        return next(iter(items(self._ask("GET", "inventory/source-items", known))), None)

    def _salable(self, sku: str, stock: str, held: dict[str, Any]) -> int:
        sells = int(held.get("status") or 0) == _IN_STOCK
        return max(0, int(self._sellable(sku, stock))) if sells else 0

    def _sellable(self, sku: str, stock: str) -> float:
        name = quote(sku, safe="")
        return float(self._ask("GET", f"inventory/get-product-salable-quantity/{name}/{stock}"))

    def _ask(
        self, method: str, path: str, query: dict[str, str] | None = None, payload: object = None
    ) -> Any:
        return ask(self.outlet.account, self.credentials, method, path, query, payload)
