"""Tell routing what was learnt of a SKU: what it sells, and where it turns out not to be.

Nothing else of the product is touched, also if somebody describes it at the same time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from dom.errors import Busy
from dom.model.ids import LocationId, Sku
from dom.model.product import Product
from dom.network.ports import ProductStore
from dom.network.put_product import ATTEMPTS


def expect_demand(sku: Sku, daily: float, store: ProductStore) -> bool:
    """Store units a day as the product's `daily_demand`; False if it says so already.

    Three significant digits are kept, so that a forecast that hardly moves writes nothing. Busy
    after six conflicts.
    """
    wanted = float(f"{daily:.3g}")
    return _changed(sku, lambda known: replace(known, daily_demand=wanted), store)


def expect_rejects(sku: Sku, percents: Mapping[LocationId, int], store: ProductStore) -> bool:
    """Store the percentages as the product's `rejects` of these locations; False if they are so.

    What is said of other locations stays. Busy after six conflicts.
    """
    return _changed(sku, lambda known: replace(known, rejects={**known.rejects, **percents}), store)


def _changed(sku: Sku, change: Callable[[Product], Product], store: ProductStore) -> bool:
    for _ in range(ATTEMPTS):
        previous = store.find(sku)
        known = previous or Product(sku)
        wanted = change(known)
        if wanted == known:
            return False
        if store.save(replace(wanted, version=known.version + 1), previous):
            return True
    raise Busy(f"product {sku} keeps changing")
