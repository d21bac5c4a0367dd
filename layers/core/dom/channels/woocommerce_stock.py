"""What a shop's products show as in stock, by WooCommerce's REST API v3.

https://woocommerce.github.io/woocommerce-rest-api-docs/#products. A shop has one stock: the
outlet's location is any name for it. An item is a product, or a variation below one. What does not
manage its stock shows none.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dom.channels.credentials import Credentials
from dom.channels.listing_shelf import ListingShelf
from dom.channels.woocommerce_rest import ask
from dom.model.ids import Sku
from dom.model.outlet import Outlet, Shown

PAGE = 100
# Products of one look, each of which may have variations to be asked for: it has a minute.
LOOKED_AT = 20
# SKUs in one question: an address has its limits.
SKUS_A_SEARCH = 40


@dataclass(frozen=True, slots=True)
class WooCommerceShelf(ListingShelf):
    """`dom.model.outlet.Shelf` of one shop."""

    outlet: Outlet
    credentials: Credentials

    def find(self, skus: Iterable[Sku]) -> Mapping[Sku, Sequence[str]]:
        """See the protocol. A SKU with a comma cannot be asked for, and is not shown."""
        known = sorted({sku for sku in skus if "," not in sku})
        found: dict[Sku, list[str]] = {}
        for start in range(0, len(known), SKUS_A_SEARCH):
            asked = known[start : start + SKUS_A_SEARCH]
            query = {"sku": ",".join(asked), "per_page": str(PAGE)}
            for product in self._ask("GET", "products", query):
                if product["sku"] in asked:
                    found.setdefault(Sku(product["sku"]), []).append(_item(product))
        return found

    def units(self, item: str) -> int | None:
        """See the base."""
        return _units(self._ask("GET", _path(item)))

    def put(self, item: str, units: int) -> str:
        """See the base."""
        self._ask("PUT", _path(item), None, {"stock_quantity": units})
        return ""

    def page(self, cursor: str) -> tuple[Sequence[Shown], str]:
        """See the protocol."""
        number = int(cursor or 1)
        query = {"per_page": str(LOOKED_AT), "page": str(number), "orderby": "id", "order": "asc"}
        products = self._ask("GET", "products", query)
        figures = ((one, _units(one)) for one in self._with_variations(products))
        shown = [Shown(_item(x), str(x["sku"]), units) for x, units in figures if units is not None]
        return shown, str(number + 1) if len(products) == LOOKED_AT else ""

    def _with_variations(self, products: Iterable[Any]) -> Iterator[Any]:
        for product in products:
            yield product
            if product.get("type") != "variable":
                continue
            for one in self._variations(f"products/{product['id']}/variations"):
                yield {**one, "parent_id": product["id"]}

    def _variations(self, path: str) -> Iterator[Any]:
        for number in itertools.count(1):
            found = self._ask("GET", path, {"per_page": str(PAGE), "page": str(number)})
            yield from found
            if len(found) < PAGE:
                return

    def _ask(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: object = None
    ) -> Any:
        return ask(self.outlet.account, self.credentials, method, path, query, body).json()


def _item(product: Any) -> str:
    parent = product.get("parent_id")
    return f"{parent}/{product['id']}" if parent else str(product["id"])


def _path(item: str) -> str:
    parent, _, name = item.rpartition("/")
    return f"products/{parent}/variations/{name}" if parent else f"products/{name}"


def _units(product: Any) -> int | None:
    """Units; None where it does not manage its stock, or its parent does."""
    if product.get("manage_stock") is not True:
        return None
    return max(0, int(product.get("stock_quantity") or 0))
