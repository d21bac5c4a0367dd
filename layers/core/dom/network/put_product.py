"""Describe a product: what routing knows of a SKU from now on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from dom.errors import Busy
from dom.model.product import Product
from dom.network.kits import check_kit, with_members
from dom.network.ports import ProductStore

ATTEMPTS = 6


def put_product(wanted: Product, store: ProductStore, left_out: Collection[str] = ()) -> Product:
    """Store the product as described and return it with its new version.

    The whole description is replaced, but for fields that are `left_out`: the last writer wins. One
    that changes nothing writes nothing. What a kit is made of is noted with its components in the
    same transaction. InvalidInput: a kit that cannot be. Busy after six conflicts.
    """
    for _ in range(ATTEMPTS):
        previous = store.find(wanted.sku)
        stays = {name: getattr(previous, name) for name in left_out} if previous else {}
        stays["part_of"] = previous.part_of if previous else ()
        wanted = replace(wanted, **stays)
        if previous and previous == replace(wanted, version=previous.version):
            return previous
        product = replace(wanted, version=previous.version + 1 if previous else 1)
        if _save(product, previous, store):
            return product
    raise Busy(f"product {wanted.sku} keeps changing")


def _save(product: Product, previous: Product | None, store: ProductStore) -> bool:
    before = previous.components if previous else ()
    skus = sorted({one.sku for one in (*product.components, *before)})
    known = store.find_all(skus) if skus else {}
    check_kit(product, known)
    if product.components == before:
        return store.save(product, previous)
    return store.save_all([(product, previous), *with_members(product, skus, known)])
