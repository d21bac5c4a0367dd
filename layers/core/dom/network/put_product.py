"""Describe a product: what routing knows of a SKU from now on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from dom.errors import Busy
from dom.model.product import Product
from dom.network.ports import ProductStore

ATTEMPTS = 6


def put_product(wanted: Product, store: ProductStore, left_out: Collection[str] = ()) -> Product:
    """Store the product as described and return it with its new version.

    The whole description is replaced, but for fields that are `left_out`: the last writer wins. One
    that changes nothing writes nothing. Busy after six conflicts.
    """
    for _ in range(ATTEMPTS):
        previous = store.find(wanted.sku)
        stays = {name: getattr(previous, name) for name in left_out} if previous else {}
        wanted = replace(wanted, **stays)
        if previous and previous == replace(wanted, version=previous.version):
            return previous
        product = replace(wanted, version=previous.version + 1 if previous else 1)
        if store.save(product, previous):
            return product
    raise Busy(f"product {wanted.sku} keeps changing")
