"""Kits and what they are made of: which can be, and which kits a component is in.

A kit is made of what is picked, so none is made of kits: what is nested is written out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dom.errors import InvalidInput
from dom.model.control import Control, ControlKind
from dom.model.ids import Sku
from dom.model.product import MOST_KITS, Product

_COUNTED = frozenset({ControlKind.RING_FENCE, ControlKind.BACKORDER})


def check_kit(product: Product, known: Mapping[Sku, Product]) -> None:
    """InvalidInput where the product cannot be made of its components: they are `known` as stored.

    Whoever writes it writes all of them in one transaction, so that none becomes a kit meanwhile.
    """
    if not product.is_kit:
        return
    if product.part_of:
        kits = ", ".join(product.part_of[:3])
        raise InvalidInput("components", f"it is a component of {kits}: kits are not nested")
    if product.releases_on or product.preorder_limit:
        raise InvalidInput("releases_on", "a kit is released with its components: say it of them")
    for n, one in enumerate(product.components):
        found = known.get(one.sku)
        if one.sku == product.sku:
            raise InvalidInput(f"components.{n}.sku", "a kit is not made of itself")
        if found and found.is_kit:
            raise InvalidInput(f"components.{n}.sku", "it is a kit: name what that is made of")
        if found and product.sku not in found.part_of and len(found.part_of) >= MOST_KITS:
            raise InvalidInput(f"components.{n}.sku", f"it is in {MOST_KITS} kits already")


def check_control(control: Control, known: Mapping[Sku, Product]) -> None:
    """InvalidInput where it would count units of a kit, of which nothing is stocked or counted."""
    kits = sorted(sku for sku in control.skus if (found := known.get(sku)) and found.is_kit)
    if kits and control.kind in _COUNTED:
        raise InvalidInput("skus", f"{kits[0]} is a kit: name its components")


def with_members(
    kit: Product, skus: Iterable[Sku], known: Mapping[Sku, Product]
) -> list[tuple[Product, Product | None]]:
    """These SKUs, each knowing whether it is in the kit, with how it was before; unchanged ones are
    written, too: that they are no kits must still be so.
    """
    inside = {one.sku for one in kit.components}
    return [_member(sku, kit.sku, sku in inside, known.get(sku)) for sku in sorted(skus)]


def _member(
    sku: Sku, kit: Sku, inside: bool, found: Product | None
) -> tuple[Product, Product | None]:
    before = found or Product(sku)
    kits = {*before.part_of, kit} if inside else {*before.part_of} - {kit}
    return replace(before, part_of=tuple(sorted(kits)), version=before.version + 1), found
