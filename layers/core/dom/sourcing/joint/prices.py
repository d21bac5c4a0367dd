"""What the use of a slot or of a unit costs others: prices of capacity and stock."""

from __future__ import annotations

from collections.abc import Mapping

from dom.sourcing import bits
from dom.sourcing.joint.wish import Parcel, Wish
from dom.sourcing.kernel import NEVER


def _mask(prices: Mapping[int, int]) -> int:
    return bits.of((place for place, price in prices.items() if price), max(prices, default=0) + 1)


class Prices:
    """`slots[place]` for a box, `units[sku][place]` for a unit; none below zero, absent is free."""

    def __init__(
        self,
        slots: Mapping[int, int] | None = None,
        units: Mapping[int, Mapping[int, int]] | None = None,
    ) -> None:
        self.slots = dict(slots or {})
        self.units = dict(units or {})
        self.slot_mask = _mask(self.slots)
        self._unit_masks = {sku: _mask(there) for sku, there in self.units.items()}

    def set_slot(self, place: int, price: int) -> None:
        """Change the price of a location's slots; 0 makes them free."""
        bit = 1 << place
        if price > 0:
            self.slots[place] = price
            self.slot_mask |= bit
        elif self.slots.pop(place, 0):
            self.slot_mask &= ~bit

    def priced(self, wish: Wish) -> int:
        """Locations whose price for this wish is their own."""
        mask = self.slot_mask
        if self._unit_masks:
            for piece in wish.pieces:
                mask |= self._unit_masks.get(piece.sku, 0)
        return mask

    def of(self, parcel: Parcel) -> int:
        """What the parcel uses up, at these prices."""
        place = parcel.place
        units = sum(p.quantity * self.unit(p.sku, place) for p in parcel.pieces)
        return parcel.boxes * self.slots.get(place, 0) + units

    def unit(self, sku: int, place: int) -> int:
        """Price of one unit there."""
        there = self.units.get(sku)
        return there.get(place, 0) if there else 0


FREE = Prices()


def cheapest(
    wish: Wish, s: int, places: int, prices: Prices = FREE, priced: int = 0
) -> tuple[int, int]:
    """Price and location of the cheapest parcel with the set `s` from `places`; NEVER if none.

    Locations of a group cost the same and the lowest number goes first, but for `priced` ones.
    """
    best, where = NEVER, -1
    groups = wish.groups
    for price, g in wish.load(s).rungs:
        if price >= best:
            break
        hits = places & groups[g]
        if not hits:
            continue
        free = hits & ~priced
        if free:
            return price, (free & -free).bit_length() - 1
        for place in bits.members(hits):
            own = price + prices.of(as_parcel(wish, s, place))
            if own < best:
                best, where = own, place
    return best, where


def as_parcel(wish: Wish, s: int, place: int) -> Parcel:
    """The set `s` of the wish's pieces as a parcel from there."""
    held = tuple(piece for j, piece in enumerate(wish.pieces) if s >> j & 1)
    return Parcel(place, wish.load(s).boxes, held)
