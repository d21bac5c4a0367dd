"""Effort of one demand's goods at locations that have only so much of it left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from dom.model.effort import EffortRate

# Units by line number.
Items = Iterable[tuple[int, int]]
NO_LIMIT = 1 << 60


class Effort(NamedTuple):
    """What goods are reckoned at, by location.

    `rates`: each rate, with the locations (bits) that go by it and whose effort is bounded; no
    location is in two. `extra`: by line, what a unit asks besides.
    """

    rates: Sequence[tuple[EffortRate, int]]
    extra: Sequence[int]

    def of(self, place: int, items: Items) -> int:
        """Effort of a parcel from there; 0 where it is not counted."""
        rate = next((rate for rate, members in self.rates if members >> place & 1), None)
        return self._reckoned(rate, items) if rate else 0

    def short(self, items: Items, enough: Callable[[int], int]) -> int:
        """Locations that have not what a parcel takes; `enough`: those that have so much."""
        out, items = 0, tuple(items)
        for rate, members in self.rates:
            wanted = self._reckoned(rate, items)
            if wanted:
                out |= members & ~enough(wanted)
        return out

    def room(self, number: int, place: int, held: Mapping[int, int], left: int) -> int:
        """Units of a line that a location can add to a parcel with that much left."""
        before = self.of(place, held.items())
        first = self.of(place, {**held, number: held.get(number, 0) + 1}.items()) - before
        each = self.of(place, {**held, number: held.get(number, 0) + 2}.items()) - before - first
        left -= before + first
        if first and left < 0:
            return 0
        return 1 + left // each if each else NO_LIMIT

    def _reckoned(self, rate: EffortRate, items: Items) -> int:
        return rate.of((units, self.extra[number]) for number, units in items)
