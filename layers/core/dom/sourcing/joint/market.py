"""Stock and capacity that orders share, as sets of locations by quantity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from dom.sourcing import bits
from dom.sourcing.joint.wish import Parcel, Piece, Wish, units_of

# Capacity is one more thing a location has units of, and so is effort where it is bounded.
SLOTS = -1
EFFORT = -2


class Market:
    """Units by SKU number and location number; slots under SLOTS, effort under EFFORT. Never below
    zero."""

    def __init__(
        self,
        units: Mapping[int, Mapping[int, int]],
        slots: Mapping[int, int],
        effort: Mapping[int, int] | None = None,
    ) -> None:
        self.units = {sku: dict(there) for sku, there in units.items()}
        self.units[SLOTS] = dict(slots)
        self.units[EFFORT] = dict(effort or {})
        self._levels: dict[int, dict[int, int]] = {sku: {} for sku in self.units}

    def at_least(self, sku: int, quantity: int) -> int:
        """The locations that have so many units of the SKU (or so many slots)."""
        levels = self._levels.get(sku)
        if levels is None:
            return 0
        found = levels.get(quantity)
        if found is None:
            found = levels[quantity] = _holders(self.units[sku], quantity)
        return found

    def too_much(self, wish: Wish, pieces: Iterable[Piece]) -> int:
        """The locations that have not the effort left for a parcel of these pieces."""
        if wish.effort is None:
            return 0
        return wish.effort.short(units_of(pieces), partial(self.at_least, EFFORT))

    def refill(self, slots: Mapping[int, int]) -> None:
        """A new day's capacity."""
        self.units[SLOTS] = dict(slots)
        self._levels[SLOTS] = {}

    def total(self, sku: int, among: int) -> int:
        """Units of the SKU at those locations."""
        there = self.units.get(sku, {})
        return sum(there[place] for place in bits.members(self.at_least(sku, 1) & among))

    def take(self, parcels: Iterable[Parcel]) -> None:
        """Use up what these parcels need; ValueError if it is not there, and then nothing is."""
        taken: list[tuple[int, int, int]] = []
        for parcel in parcels:
            needs = [(SLOTS, parcel.boxes), *((p.sku, p.quantity) for p in parcel.pieces)]
            if parcel.effort:
                needs.append((EFFORT, parcel.effort))
            for sku, quantity in needs:
                if self.units[sku].get(parcel.place, 0) < quantity:
                    self._undo(taken)
                    raise ValueError(f"location {parcel.place} lacks {quantity} of {sku}")
                self._change(sku, parcel.place, -quantity)
                taken.append((sku, parcel.place, quantity))

    def give_back(self, parcels: Iterable[Parcel]) -> None:
        """Undo `take`."""
        for parcel in parcels:
            self._change(SLOTS, parcel.place, parcel.boxes)
            if parcel.effort:
                self._change(EFFORT, parcel.place, parcel.effort)
            for piece in parcel.pieces:
                self._change(piece.sku, parcel.place, piece.quantity)

    def _undo(self, taken: Iterable[tuple[int, int, int]]) -> None:
        for sku, place, quantity in taken:
            self._change(sku, place, quantity)

    def _change(self, sku: int, place: int, by: int) -> None:
        there = self.units[sku]
        now = there[place] = there.get(place, 0) + by
        bit = 1 << place
        levels = self._levels[sku]
        for quantity, places in levels.items():
            if (now >= quantity) is not bool(places & bit):
                levels[quantity] = places ^ bit


def _holders(there: Mapping[int, int], quantity: int) -> int:
    size = max(there, default=0) + 1
    return bits.of((place for place, units in there.items() if units >= quantity), size)
