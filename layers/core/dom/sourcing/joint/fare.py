"""Live prices for the joint search: what each class of locations asks for a load.

A class is a price group within one zone of the destination. Within a group a price never falls with
distance, so that of the nearest member is a lower bound for the class, exact where terms follow the
zone; final plans are priced by the scene itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from dom.sourcing import bits
from dom.sourcing.joint.tariff import Key, Ladder, Tariff
from dom.sourcing.joint.wish import Wish
from dom.sourcing.scene import Scene
from dom.sourcing.score import money_of

# Weights add up and are all that a tariff is told: they count the units of each line, in digits of
# this many bits. No load is too heavy for one parcel: the rate card itself knows of boxes.
_DIGIT = 24
_NO_BREAK = (1 << 4096,)

Price = Callable[[int, Mapping[int, int]], int]


class PriceClass(NamedTuple):
    """Locations (bits) of one group and zone, and the nearest of them."""

    members: int
    nearest: int


class ClassBook:
    """The classes of each destination, worked out once for all demands to it."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], tuple[Scene, tuple[PriceClass, ...]]] = {}

    def of(self, scene: Scene) -> tuple[PriceClass, ...]:
        """The scene's groups cut by zone."""
        # The scene is kept as well, so that no other object can get the numbers of its parts.
        key = (id(scene.view), id(scene.groups))
        if key not in self._known:
            self._known[key] = (scene, tuple(_classes(scene)))
        return self._known[key][1]


def _classes(scene: Scene) -> list[PriceClass]:
    card, size = scene.rules.rate_card, scene.network.size
    zones: dict[int, list[int]] = {}
    for place in range(size):
        zones.setdefault(card.zone(scene.view.metres(place)), []).append(place)
    sets = [(zone, bits.of(places, size)) for zone, places in sorted(zones.items())]
    return [
        PriceClass(group.members & near, scene.view.nearest(group.members & near))
        for group in scene.groups
        for _, near in sets
        if group.members & near
    ]


def counted(line: int, units: int) -> int:
    """The weight that says so many units of the line."""
    return units << _DIGIT * line


def _contents(weight: int) -> dict[int, int]:
    """Units by line of a sum of such weights."""
    contents, line = {}, 0
    while weight:
        units = weight & (1 << _DIGIT) - 1
        if units:
            contents[line] = units
        weight, line = weight >> _DIGIT, line + 1
    return contents


@dataclass(frozen=True)
class Fare(Tariff):
    """A tariff that asks `price(class number, units by line)` instead of a table."""

    price: Price = field(default=lambda group, contents: 0, compare=False)

    def ladder(self, weight: int, units: int) -> Ladder:
        """The classes by price for such a load; equal prices by class number."""
        key = (weight, 0, 1)
        return self.known.get(key) or self.build(key)

    def keys(self, weights: Sequence[int], units: Sequence[int]) -> list[Key]:
        """What `known` lists the ladders of those loads by."""
        return [(weight, 0, 1) for weight in weights]

    def build(self, key: Key) -> Ladder:
        """The ladder of a load; kept in `known`."""
        contents = _contents(key[0])
        prices = tuple(self.price(g, contents) for g in range(len(self.parcel)))
        rungs = tuple(sorted((price, g) for g, price in enumerate(prices)))
        return self.known.setdefault(key, Ladder(rungs, 1, prices))


@dataclass(frozen=True)
class LiveWish(Wish):
    """A wish whose weights count units: they do not say which piece is the heaviest."""

    @cached_property
    def two_parcels(self) -> int:
        """No two parcels cost less: one has the dearest piece, one at least the cheapest."""
        floors = sorted(self._floor(piece.weight) for piece in self.pieces)
        return floors[0] + floors[-1] if len(floors) > 1 else 1 << 60


def fare(scene: Scene, classes: Sequence[PriceClass], penalty: int) -> Fare:
    """What the classes ask in this scene, with `penalty` for each parcel instead of the rules'."""

    def price(group: int, contents: Mapping[int, int]) -> int:
        return money(scene, classes[group].nearest, contents) + penalty

    none = [0] * len(classes)
    return Fare(_NO_BREAK, [none], none, none, none, price=price)


def money(scene: Scene, place: int, contents: Mapping[int, int]) -> int:
    """A parcel's price in minor units, without the rules' penalty for being one."""
    return money_of(scene.contents_score(place, contents)) - scene.rules.weights.parcel
