"""One order as the joint search sees it, and the plan for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from dom.sourcing.effort import Effort
from dom.sourcing.joint.tariff import Ladder, Tariff


class Piece(NamedTuple):
    """Units of one line that travel together. `barred`: locations (bits) that may not send it."""

    line: int
    sku: int
    quantity: int
    weight: int
    lost: int
    barred: int = 0


def units_of(pieces: Iterable[Piece]) -> Iterable[tuple[int, int]]:
    """Units by line."""
    units: dict[int, int] = {}
    for piece in pieces:
        units[piece.line] = units.get(piece.line, 0) + piece.quantity
    return units.items()


class Parcel(NamedTuple):
    """What one location sends: its boxes (slots of its day), the pieces, and their effort."""

    place: int
    boxes: int
    pieces: tuple[Piece, ...]
    effort: int = 0


class Plan(NamedTuple):
    """Parcels, and their cost without any prices of stock or capacity, lost lines included."""

    cost: int
    parcels: tuple[Parcel, ...]


@dataclass(frozen=True)
class Wish:
    """Lines of one order. `groups[g]`: the locations (bits) of price group g of the tariff.

    `number` orders wishes within a batch and makes them unique; `day` names the capacity it uses.
    `allowed`: locations that may send to it at all; `also`: those that count as having a slot.
    `bonds`: pieces (as a bit mask) that leave together, and the location they leave. `effort`:
    what pieces take of a day where that is bounded; their lines are those it knows.
    """

    number: int
    pieces: tuple[Piece, ...]
    groups: tuple[int, ...]
    tariff: Tariff
    day: int = 0
    allowed: int = -1
    also: int = 0
    bonds: tuple[tuple[int, int], ...] = ()
    effort: Effort | None = None
    _loads: dict[int, Ladder] = field(default_factory=dict, compare=False)

    def barred(self, j: int, place: int) -> Wish:
        """The wish with its piece number j kept from a location."""
        other = self.pieces[j]._replace(barred=self.pieces[j].barred | 1 << place)
        return replace(self, pieces=(*self.pieces[:j], other, *self.pieces[j + 1 :]))

    @cached_property
    def distinct(self) -> bool:
        """No two pieces share a SKU, so that a set's stock is the stock of its pieces."""
        return len({piece.sku for piece in self.pieces}) == len(self.pieces)

    @cached_property
    def weight(self) -> int:
        """Of all pieces."""
        return sum(piece.weight for piece in self.pieces)

    @cached_property
    def lost(self) -> int:
        """The price of sending nothing: each line once."""
        return sum({piece.line: piece.lost for piece in self.pieces}.values())

    def load(self, s: int) -> Ladder:
        """Prices of one parcel with the set `s` of pieces."""
        found = self._loads.get(s)
        if found is None:
            held = self.held(s)
            weight, units = sum(p.weight for p in held), sum(p.quantity for p in held)
            found = self._loads[s] = self.tariff.ladder(weight, units)
        return found

    def parcel(self, place: int, boxes: int, pieces: tuple[Piece, ...]) -> Parcel:
        """These pieces as a parcel from there."""
        effort = self.effort.of(place, units_of(pieces)) if self.effort else 0
        return Parcel(place, boxes, pieces, effort)

    def held(self, s: int) -> tuple[Piece, ...]:
        """The pieces of a set."""
        return tuple(piece for j, piece in enumerate(self.pieces) if s >> j & 1)

    @cached_property
    def ladders(self) -> Sequence[Ladder]:
        """Prices of one parcel with each set of pieces."""
        known, build = self.tariff.known, self.tariff.build
        return [known.get(key) or build(key) for key in self.tariff.keys(*self._sums)]

    @cached_property
    def _sums(self) -> tuple[list[int], list[int]]:
        """Weight and units of every set of pieces."""
        weights, units = [0], [0]
        for piece in self.pieces:
            weights += [weight + piece.weight for weight in weights]
            units += [n + piece.quantity for n in units]
        return weights, units

    @cached_property
    def two_parcels(self) -> int:
        """No two parcels for the whole order cost less: one has the heaviest piece, one at least
        the lightest, and each unit the cheapest labor."""
        weights = sorted(piece.weight for piece in self.pieces)
        units = sum(piece.quantity for piece in self.pieces)
        return (
            self._floor(weights[0]) + self._floor(weights[-1]) + units * min(self.tariff.unit)
            if len(weights) > 1
            else 1 << 60
        )

    def _floor(self, weight: int) -> int:
        rungs = self.tariff.ladder(weight, 0).rungs
        return next((price for price, g in rungs if self.groups[g]), 1 << 60)
