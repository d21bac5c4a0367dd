"""The network seen from one destination: who is nearest."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from functools import cached_property
from math import asin, dist, inf

from dom.model.geo import EARTH_RADIUS_KM
from dom.sourcing import bits

Point = tuple[float, float, float]

# Fewer than this many: looking at each is cheaper than ordering the whole network once.
FEW = 48
_RINGS = (4, 16, 64, 256, 1024)


class View:
    """Distances to one destination. Unknown places (None) rank last, then the location's number.

    Distances are whole metres, so that results do not hang on a platform's last float digit.
    """

    def __init__(self, here: Point | None, points: list[Point | None], everywhere: int) -> None:
        self._here = here
        self._points = points
        self._everywhere = everywhere
        self._metres: dict[int, int | None] = {}

    def metres(self, i: int) -> int | None:
        """Great-circle distance of location number i; None when a place is unknown."""
        if i not in self._metres:
            chord = self._chord(i)
            known = chord != inf
            self._metres[i] = round(2000 * EARTH_RADIUS_KM * asin(chord / 2)) if known else None
        return self._metres[i]

    def nearest(self, among: int) -> int:
        """The number of the nearest location in the set, which must not be empty."""
        if self._here is None:
            return (among & -among).bit_length() - 1
        if among & (among - 1) == 0:
            return among.bit_length() - 1
        return min(bits.members(self._close(among)), key=self._order)

    def nearest_few(self, among: int, count: int) -> list[int]:
        """The numbers of the nearest `count` locations in the set, nearest first."""
        close = among
        if among.bit_count() > max(FEW, count):
            rings = (among & ring for ring in self._rings)
            close = next((ring for ring in rings if ring.bit_count() >= count), among)
        return self.by_distance(bits.members(close))[:count]

    def by_distance(self, places: Iterable[int]) -> list[int]:
        """Location numbers, nearest first, unknown last."""
        return sorted(places, key=self._order)

    def _close(self, among: int) -> int:
        """A subset that holds the nearest; small if the set is large."""
        if among.bit_count() <= FEW:
            return among
        return next((hit for ring in self._rings if (hit := among & ring)), among)

    def _chord(self, i: int) -> float:
        there = self._points[i]
        return inf if there is None or self._here is None else min(2.0, dist(self._here, there))

    def _order(self, i: int) -> tuple[int, int]:
        metres = self.metres(i)
        return (1 << 60 if metres is None else metres), i

    @cached_property
    def _rings(self) -> tuple[int, ...]:
        """The nearest 4, 16, 64 ... as sets: a dense set meets a small one early."""
        size = len(self._points)
        chords = array("d", map(self._chord, range(size)))
        order = sorted(range(size), key=chords.__getitem__)
        return tuple(bits.of(order[:ring], size) for ring in _RINGS if ring < size)
