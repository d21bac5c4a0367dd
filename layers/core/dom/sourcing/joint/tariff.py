"""What a parcel costs from each group of locations of equal price."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Ladder(NamedTuple):
    """Prices of one load, ascending: (price, group number); and the boxes it takes."""

    rungs: tuple[tuple[int, int], ...]
    boxes: int


@dataclass(frozen=True)
class Tariff:
    """Carrier prices by weight break and group, plus labor and whatever else depends on the group.

    `breaks` ascend, in weight units of the caller's; `rates[b][g]` holds up to and including
    `breaks[b]`. What is heavier travels as equal boxes of at most the last break. `parcel[g]` is
    added for each box and `unit[g]` for each unit; `fixed[g]` once for each shipment (the value of
    its days on the way).
    """

    breaks: Sequence[int]
    rates: Sequence[Sequence[int]]
    parcel: Sequence[int]
    unit: Sequence[int]
    fixed: Sequence[int]
    _known: dict[tuple[int, int, int], Ladder] = field(default_factory=dict, compare=False)

    def ladder(self, weight: int, units: int) -> Ladder:
        """The groups by price for such a load; equal prices by group number."""
        boxes = -(-weight // self.breaks[-1]) or 1
        key = (bisect_left(self.breaks, -(-weight // boxes)), units, boxes)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._ladder(*key)
        return found

    def _ladder(self, row: int, units: int, boxes: int) -> Ladder:
        groups = range(len(self.parcel))
        rates = self.rates[row]
        prices = (
            boxes * (rates[g] + self.parcel[g]) + units * self.unit[g] + self.fixed[g]
            for g in groups
        )
        return Ladder(tuple(sorted(zip(prices, groups, strict=True))), boxes)
