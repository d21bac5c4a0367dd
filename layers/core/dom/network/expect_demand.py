"""Tell routing what a SKU is expected to sell."""

from __future__ import annotations

from dataclasses import replace

from dom.errors import Busy
from dom.model.ids import Sku
from dom.model.product import Product
from dom.network.ports import ProductStore
from dom.network.put_product import ATTEMPTS


def expect_demand(sku: Sku, daily: float, store: ProductStore) -> bool:
    """Store units a day as the product's `daily_demand`; False if it says so already.

    Nothing else of the product is touched, also if somebody describes it at the same time. Three
    significant digits are kept, so that a forecast that hardly moves writes nothing. Busy after six
    conflicts.
    """
    wanted = float(f"{daily:.3g}")
    for _ in range(ATTEMPTS):
        previous = store.find(sku)
        known = previous or Product(sku)
        if known.daily_demand == wanted:
            return False
        product = replace(known, daily_demand=wanted, version=known.version + 1)
        if store.save(product, previous):
            return True
    raise Busy(f"product {sku} keeps changing")
