"""Positions on which a hold is placed: all of it at one location if one has it, kits whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from dom.model.ids import LocationId, Sku
from dom.model.product import Product
from dom.model.reservation import Hold
from dom.promise.kits import kits_at

Free = dict[Sku, dict[LocationId, int]]
Kits = Mapping[Sku, Product]
_Held = Counter[tuple[Sku, LocationId]]


def place(wanted: Mapping[Sku, int], kits: Kits, free: Free) -> tuple[Hold, ...] | None:
    """Positions for all units, and for the components of kits, or None.

    One location for everything where there is one, and of several the one with most stock, so that
    holds spread; else each kit where most can be made, and each SKU where most of it lies, in
    pieces only if it must. The components of one kit are at one location.
    """
    total = units_of(wanted, kits)
    whole = [at for at in _anywhere(free) if all(free[s].get(at, 0) >= n for s, n in total.items())]
    if whole:
        best = min(whole, key=lambda at: (-sum(free[sku][at] for sku in total), at))
        return tuple(Hold(sku, best, units) for sku, units in total.items())
    left, held = {sku: dict(units) for sku, units in free.items()}, _Held()
    done = [_kits(kits[sku], n, left, held) for sku, n in wanted.items() if sku in kits]
    done += [_units(sku, n, left[sku], held) for sku, n in wanted.items() if sku not in kits]
    if not all(done):
        return None
    return tuple(Hold(sku, at, units) for (sku, at), units in held.items())


def units_of(wanted: Mapping[Sku, int], kits: Kits) -> Counter[Sku]:
    """The units to hold: kits as their components."""
    total = Counter[Sku]({sku: n for sku, n in wanted.items() if sku not in kits})
    for sku, kit in kits.items():
        total.update({one.sku: one.quantity * wanted.get(sku, 0) for one in kit.components})
    return total


def _anywhere(free: Free) -> set[LocationId]:
    return {place for units in free.values() for place in units}


def _kits(kit: Product, wanted: int, left: Free, held: _Held) -> bool:
    made = kits_at(kit, left)
    for at in sorted(made, key=lambda at: (-made[at], at)):
        taken = min(wanted, made[at])
        for one in kit.components if taken else ():
            left[one.sku][at] -= taken * one.quantity
            held[one.sku, at] += taken * one.quantity
        wanted -= taken
    return wanted == 0


def _units(sku: Sku, wanted: int, left: dict[LocationId, int], held: _Held) -> bool:
    for at in sorted(left, key=lambda at: (-left[at], at)):
        taken = min(wanted, left[at])
        if taken > 0:
            held[sku, at] += taken
            left[at] -= taken
            wanted -= taken
    return wanted == 0
