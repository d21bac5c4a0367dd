"""The network seen from one destination: who is nearest."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat
from math import asin, dist

from dom.model.geo import EARTH_RADIUS_KM
from dom.sourcing import bits

Point = tuple[float, float, float]

# Where unknown places are kept: off the unit sphere, farther from it than its diameter.
UNKNOWN: Point = (9.0, 9.0, 9.0)
_DIAMETER = 2.0
_FIRST_LOOK = 16
_RINGS = (4, 16, 64, 256, 1024)


class View:
    """Distances to one destination. Nearer goes first, then the lower number; unknown goes last.

    Ordered by straight lines through the Earth, which is the order of great circles.
    """

    def __init__(self, here: Point, points: list[Point]) -> None:
        self._here = here
        self._points = points
        self._metres: dict[int, int | None] = {}
        self._looked_at = 0
        self._rank: list[int] | None = None
        self._rings: tuple[int, ...] = ()
        self._within: dict[int, int] = {}

    def metres(self, i: int) -> int | None:
        """Great-circle distance of location number i in whole metres; None if a place is unknown.

        Rounded, so that costs do not hang on a platform's last digit.
        """
        if i not in self._metres:
            self._metres[i] = self._measure(i)
        return self._metres[i]

    def nearest(self, among: int) -> int:
        """The number of the nearest location in the set, which must not be empty."""
        if self._here is UNKNOWN or among & (among - 1) == 0:
            return (among & -among).bit_length() - 1
        if self._ordered(among):
            among = next((hit for ring in self._rings if (hit := among & ring)), among)
        return min(bits.members(among), key=self._key)

    def nearest_few(self, among: int, count: int) -> list[int]:
        """The numbers of the nearest `count` locations in the set, nearest first."""
        if self._ordered(among):
            hits = (among & ring for ring in self._rings)
            among = next((hit for hit in hits if hit.bit_count() >= count), among)
        return self.by_distance(bits.members(among))[:count]

    def by_distance(self, places: Iterable[int]) -> list[int]:
        """Location numbers, nearest first, unknown last."""
        return sorted(sorted(places), key=self._key)

    def within(self, limit: int) -> int:
        """The set of locations at most so many metres away; an unknown distance is not."""
        if limit not in self._within:
            self._within[limit] = bits.of(self._inside(limit), len(self._points))
        return self._within[limit]

    def _inside(self, limit: int) -> list[int]:
        """Looked for from the nearest on, since most often few of many are."""
        everywhere, count = (1 << len(self._points)) - 1, _FIRST_LOOK
        while True:
            near = self.nearest_few(everywhere, count)
            metres = ((i, self.metres(i)) for i in near)
            inside = [i for i, m in metres if m is not None and m <= limit]
            if len(inside) < count:
                return inside
            count *= _FIRST_LOOK

    def _key(self, i: int) -> float:
        if self._rank is not None:
            return self._rank[i]
        if self._here is UNKNOWN:
            return 0.0
        return dist(self._here, self._points[i])

    def _measure(self, i: int) -> int | None:
        there = self._points[i]
        if there is UNKNOWN or self._here is UNKNOWN:
            return None
        half = min(1.0, dist(self._here, there) / _DIAMETER)
        return round(2000 * EARTH_RADIUS_KM * asin(half))

    def _ordered(self, among: int) -> bool:
        """Order the whole network once looking at single locations has cost as much."""
        if self._rank is None:
            self._looked_at += among.bit_count()
            if self._looked_at > len(self._points) // 8:
                self._order()
        return self._rank is not None

    def _order(self) -> None:
        """Ranks, and the nearest 4, 16, 64 ... as sets: a dense set meets a small one early."""
        size = len(self._points)
        chords = list(map(dist, repeat(self._here), self._points))
        if self._here is UNKNOWN:
            chords = [0.0] * size
        order = sorted(range(size), key=chords.__getitem__)
        self._rank = [0] * size
        for rank, i in enumerate(order):
            self._rank[i] = rank
        self._rings = tuple(bits.of(order[:ring], size) for ring in _RINGS if ring < size)
