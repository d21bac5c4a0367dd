"""Two parcels of one plan from one location travel as one, which may cost more than the two.

The subset DP knows nothing of that. Where it happens, any plan either sends one of two pieces from
elsewhere, or both together from there: a *bond*. Branching on the three keeps the search exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dom.sourcing.joint.prices import Prices, as_parcel
from dom.sourcing.joint.wish import Wish

# Pieces (as a bit mask) that one location sends.
Send = tuple[int, int]


def heed(wish: Wish, sets: list[int]) -> list[int]:
    """Who can send each set, given the bonds: bonded pieces leave together, from their place."""
    for both, place in wish.bonds:
        sets = [
            places if not s & both else places & 1 << place if s & both == both else 0
            for s, places in enumerate(sets)
        ]
    return sets


def torn(wish: Wish, sends: Sequence[Send], prices: Prices) -> tuple[int, int, int] | None:
    """Two pieces of different parcels from one place, and the place; None where no place sends two
    parcels that cost more as one."""
    first: dict[int, int] = {}
    for s, place in sends:
        other = first.setdefault(place, s)
        if other != s and _dearer(wish, other, s, place, prices):
            return _lowest(other), _lowest(s), place
    return None


def mended(wish: Wish, j: int, k: int, place: int) -> list[Wish]:
    """The wish with one of the two pieces barred from the place, or both bonded to it."""
    bond = (1 << j | 1 << k, place)
    together = replace(wish, bonds=(*wish.bonds, bond))
    return [wish.barred(j, place), wish.barred(k, place), together]


def _dearer(wish: Wish, a: int, b: int, place: int, prices: Prices) -> bool:
    return _price(wish, a | b, place, prices) > sum(_price(wish, s, place, prices) for s in (a, b))


def _price(wish: Wish, s: int, place: int, prices: Prices) -> int:
    rungs = wish.load(s).rungs
    listed = next(price for price, g in rungs if wish.groups[g] >> place & 1)
    return listed + prices.of(as_parcel(wish, s, place))


def _lowest(s: int) -> int:
    return (s & -s).bit_length() - 1
