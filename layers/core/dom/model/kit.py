"""Kits: sold as one line, and stocked, picked, shipped and returned as what is in them.

An order's line of a kit is taken apart when it comes in, into a line for each component, by the
recipe that the kit had then: it stays with the order. Channels and customers go on calling it one
line: what they say of it is taken apart (`in_parts`), and what they are told is put together
(`in_kits`, `dom.model.as_sold`), here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dom.model.ids import LocationId, Sku
from dom.model.money import Money

# Between a kit's line and the number of its part, in the ids of lines.
PART = "-c"
# Parts that a search looks at of one order's kits beside its other lines, where it can choose.
_LOOKED_AT = 24
Units = Mapping[str, int]
Stock = Mapping[Sku, Mapping[LocationId, int]]


@dataclass(frozen=True, slots=True)
class KitPart:
    """The order's line of a component: `units` of `sku` in one kit, worth `weight` of its price."""

    line_id: str
    sku: Sku
    units: int
    weight: int = 1
    grams: int = 0


@dataclass(frozen=True, slots=True)
class Kit:
    """A line as its channel has it. Money is for one kit, `discount` and `tax` for the line."""

    line_id: str
    sku: Sku
    parts: tuple[KitPart, ...]
    unit_price: Money
    title: str = ""
    ship_group_id: str | None = None
    discount: Money | None = None
    tax: Money | None = None

    def begun(self, units: Units) -> int:
        """Kits that units by line id are of, in whole or in part."""
        return max(-(-units.get(part.line_id, 0) // part.units) for part in self.parts)

    def whole(self, units: Units) -> int:
        """Kits that units by line id make: the least of floor(units / required)."""
        return min(units.get(part.line_id, 0) // part.units for part in self.parts)

    def of(self, kits: int) -> dict[str, int]:
        """Units by line id in so many kits."""
        return {part.line_id: part.units * kits for part in self.parts}


def in_parts(units: Units, kits: Iterable[Kit]) -> dict[str, int]:
    """Units by the channel's lines as units of the order's."""
    known = {kit.line_id: kit for kit in kits}
    found: dict[str, int] = {}
    for line_id, n in units.items():
        kit = known.get(line_id)
        found.update(kit.of(n) if kit else {line_id: n})
    return found


def in_kits(units: Units, kits: Iterable[Kit]) -> dict[str, int]:
    """Units of the order's lines as units of the channel's: whole kits, and what is in none."""
    found = dict(units)
    for kit in kits:
        mine = {part.line_id: found.pop(part.line_id, 0) for part in kit.parts}
        if whole := kit.whole(mine):
            found[kit.line_id] = whole
    return found


def with_rest(units: Units, held: Units, kits: Iterable[Kit]) -> dict[str, int]:
    """These units, and of `held` what is in the same kits: a kit goes whole, as far as it is there.

    Units that belong to no kit are as they were.
    """
    found = dict(units)
    for kit in kits:
        named = kit.begun({part.line_id: units.get(part.line_id, 0) for part in kit.parts})
        for line_id, n in kit.of(named).items():
            all_of_it = max(units.get(line_id, 0), min(n, held.get(line_id, 0)))
            if all_of_it:
                found[line_id] = all_of_it
    return found


def shelves_of(kit: Kit, stock: Stock) -> list[int]:
    """Kits that each location can put together, of those that can make any."""
    return list(makeable([(stock.get(x.sku, {}), x.units) for x in kit.parts]).values())


def makeable(needed: Sequence[tuple[Mapping[LocationId, int], int]]) -> dict[LocationId, int]:
    """Kits by location, of these units (by location) and so many needed of each for one; locations
    that can make one.
    """
    places = set.intersection(*(set(units) for units, _ in needed))
    made = {at: min(max(0, units[at]) // n for units, n in needed) for at in places}
    return {at: n for at, n in made.items() if n}


def few(parts: int) -> int:
    """So many kits of a line are looked at one by one, where kits of an order have so many parts
    altogether: what a search takes grows with all that it looks at.
    """
    return max(1, _LOOKED_AT // max(1, parts))


def portions(kits: int, single: int, shelves: Iterable[int] | None = None) -> list[int]:
    """So many kits in portions that each leave from one location: up to `single` one by one.

    `shelves`: as many as each location can put together. Of many kits those of the fullest come
    first, each as one portion; what is in none of the first few locations stays one portion, which
    waits for the next look. Where nobody knows, halves come first (50, 25, 13 of 100).
    """
    found: list[int] = []
    most = None if shelves is None else iter(sorted(shelves, reverse=True)[: single + 4])
    while kits > single:
        size = -(-kits // 2) if most is None else min(kits, next(most, kits))
        found.append(size)
        kits -= size
    return found + [1] * kits
