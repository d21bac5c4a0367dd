"""Tell routing how often locations turn out not to have a SKU."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dom.errors import Busy
from dom.model.ids import LocationId, Sku
from dom.model.product import Product
from dom.network.ports import ProductStore
from dom.network.put_product import ATTEMPTS


def expect_rejects(sku: Sku, percents: Mapping[LocationId, int], store: ProductStore) -> bool:
    """Store the percentages as the product's `rejects` of these locations; False if they are so.

    What is said of other locations stays, and so does all else of the product. Busy after six
    conflicts.
    """
    for _ in range(ATTEMPTS):
        previous = store.find(sku)
        known = previous or Product(sku)
        rejects = {**known.rejects, **percents}
        if rejects == known.rejects:
            return False
        product = replace(known, rejects=rejects, version=known.version + 1)
        if store.save(product, previous):
            return True
    raise Busy(f"product {sku} keeps changing")
