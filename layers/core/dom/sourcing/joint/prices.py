"""What the use of a slot or of a unit costs others: prices of capacity and stock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dom.sourcing import bits
from dom.sourcing.joint.tariff import Ladder
from dom.sourcing.joint.wish import Parcel, Piece, Wish
from dom.sourcing.kernel import NEVER


def _mask(prices: Mapping[int, int]) -> int:
    return bits.of((place for place, price in prices.items() if price), max(prices, default=0) + 1)


def added(one: Mapping[int, int], other: Mapping[int, int]) -> Mapping[int, int]:
    """Prices by location, both together."""
    if not (one and other):
        return one or other
    return {place: one.get(place, 0) + other.get(place, 0) for place in {**one, **other}}


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

    def plus(self, other: Prices) -> Prices:
        """Both added up."""
        if not (self.slots or self.units):
            return other
        units = {
            sku: added(self.units.get(sku, {}), other.units.get(sku, {}))
            for sku in {**self.units, **other.units}
        }
        return Prices(added(self.slots, other.slots), units)

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

    def least(
        self, boxes: int, pieces: tuple[Piece, ...], places: Iterable[int]
    ) -> tuple[int, int]:
        """What such a parcel uses up where it uses up least, and where; the first of equals."""
        slots, best = self.slots, (NEVER, -1)
        rows = [(p.quantity, self.units[p.sku]) for p in pieces if p.sku in self.units]
        if not rows:
            for place in places:
                price = boxes * slots.get(place, 0)
                if price < best[0]:
                    best = price, place
            return best
        for place in places:
            price = boxes * slots.get(place, 0)
            for quantity, row in rows:
                price += quantity * row.get(place, 0)
            if price < best[0]:
                best = price, place
        return best

    def unit(self, sku: int, place: int) -> int:
        """Price of one unit there."""
        there = self.units.get(sku)
        return there.get(place, 0) if there else 0


FREE = Prices()


def cheapest(
    wish: Wish, s: int, places: int, prices: Prices = FREE, priced: int = 0
) -> tuple[int, int]:
    """Price and location of the cheapest parcel with the set `s` from `places`; NEVER if none."""
    if not priced & places:
        return best_place(wish.load(s), wish.groups, places)
    return best_place(wish.load(s), wish.groups, places, wish.held(s), prices, priced)


def best_place(
    ladder: Ladder,
    groups: Sequence[int],
    places: int,
    pieces: tuple[Piece, ...] = (),
    prices: Prices = FREE,
    priced: int = 0,
) -> tuple[int, int]:
    """Price and location of the cheapest parcel of that load with those pieces.

    Locations of a group cost the same and the lowest number goes first, but for `priced` ones.
    """
    best, where = NEVER, -1
    for price, g in ladder.rungs:
        if price >= best:
            break
        hits = places & groups[g]
        if not hits:
            continue
        free = hits & ~priced
        if free:
            return price, (free & -free).bit_length() - 1
        own, place = prices.least(ladder.boxes, pieces, bits.members(hits))
        if price + own < best:
            best, where = price + own, place
    return best, where


def prices_of(wish: Wish, sets: Sequence[int], prices: Prices = FREE) -> list[int]:
    """The price of the cheapest parcel with each set of pieces; `sets`: who can send it."""
    priced, groups, found = prices.priced(wish), wish.groups, []
    for s, places in enumerate(sets):
        best = NEVER
        if places:
            free = places & ~priced if priced else places
            for price, g in wish.ladders[s].rungs:
                if free & groups[g]:
                    best = price
                    break
            if priced & places:
                best = _own(wish, s, places & priced, prices, best)
        found.append(best)
    return found


def _own(wish: Wish, s: int, places: int, prices: Prices, best: int) -> int:
    """The least price at places with prices of their own, `best` if none is below."""
    ladder, groups = wish.ladders[s], wish.groups
    for price, g in ladder.rungs:
        if price >= best:
            break
        hits = places & groups[g]
        if hits:
            own = prices.least(ladder.boxes, wish.held(s), bits.members(hits))[0]
            best = min(best, price + own)
    return best


def as_parcel(wish: Wish, s: int, place: int) -> Parcel:
    """The set `s` of the wish's pieces as a parcel from there."""
    return wish.parcel(place, wish.load(s).boxes, wish.held(s))
