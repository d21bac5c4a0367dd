"""What a parcel costs from each group of locations of equal price."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# Row of the rates, units, boxes.
Key = tuple[int, int, int]


class Ladder(NamedTuple):
    """Prices of one load, ascending: (price, group number); the boxes it takes; and the prices by
    group."""

    rungs: tuple[tuple[int, int], ...]
    boxes: int
    prices: tuple[int, ...]


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
    known: dict[Key, Ladder] = field(default_factory=dict, compare=False)

    def ladder(self, weight: int, units: int) -> Ladder:
        """The groups by price for such a load; equal prices by group number."""
        boxes = -(-weight // self.breaks[-1]) or 1
        key = (bisect_left(self.breaks, -(-weight // boxes)), units, boxes)
        return self.known.get(key) or self.build(key)

    def keys(self, weights: Sequence[int], units: Sequence[int]) -> list[Key]:
        """What `known` lists the ladders of those loads by; the last load is the heaviest."""
        breaks, last = self.breaks, self.breaks[-1]
        if weights[-1] <= last:
            return [(bisect_left(breaks, w), n, 1) for w, n in zip(weights, units, strict=True)]
        boxes = [-(-w // last) or 1 for w in weights]
        rows = [bisect_left(breaks, -(-w // b)) for w, b in zip(weights, boxes, strict=True)]
        return list(zip(rows, units, boxes, strict=True))

    def build(self, key: Key) -> Ladder:
        """The ladder of a row of the rates, so many units and boxes; kept in `known`."""
        row, units, boxes = key
        groups = range(len(self.parcel))
        rates = self.rates[row]
        prices = tuple(
            boxes * (rates[g] + self.parcel[g]) + units * self.unit[g] + self.fixed[g]
            for g in groups
        )
        rungs = tuple(sorted(zip(prices, groups, strict=True)))
        return self.known.setdefault(key, Ladder(rungs, boxes, prices))
