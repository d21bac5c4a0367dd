"""What the exact search distributes: whole lines, or single units of lines that must be split."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

from dom.model.ids import Sku
from dom.sourcing import bits
from dom.sourcing.scene import Scene


class Piece(NamedTuple):
    """Units of a line that travel together, and where they may come from."""

    line: int
    sku: Sku
    quantity: int
    grams: int
    allowed: int


def cut(scene: Scene, split: frozenset[Sku], most: int) -> list[Piece] | None:
    """The demand as pieces; None if there would be more than `most`.

    A line stays whole if one location can fill it and its SKU is not in `split`; otherwise it
    becomes single units, no more than the network has.
    """
    pieces: list[Piece] = []
    for number, line in enumerate(scene.lines):
        whole = line.sku not in split and scene.able(number, line.quantity)
        count = 1 if whole else min(line.quantity, supply_of(scene, (number,)))
        quantity = line.quantity if whole else 1
        allowed = scene.allowed_for[number]
        if len(pieces) + count > most:
            return None
        pieces += [Piece(number, line.sku, quantity, quantity * line.grams, allowed)] * count
    return pieces


def supply_of(scene: Scene, numbers: tuple[int, ...]) -> int:
    """Units that all locations open to any of those lines (of one SKU) hold together."""
    places = 0
    for number in numbers:
        places |= scene.able(number, 1)
    locations, sku = scene.network.locations, scene.lines[numbers[0]].sku
    return sum(scene.supply.units(sku, locations[i].location_id) for i in bits.members(places))


def unavoidable(scene: Scene) -> dict[Sku, int]:
    """Units of each SKU that every plan must leave over, were lines free to be split.

    Max flow = min cut: lines T keep their supply as the limit, the others their quantity.
    """
    by_sku: dict[Sku, list[int]] = {}
    for number, line in enumerate(scene.lines):
        by_sku.setdefault(line.sku, []).append(number)
    return {sku: _unavoidable(scene, tuple(numbers)) for sku, numbers in by_sku.items()}


def _unavoidable(scene: Scene, numbers: tuple[int, ...]) -> int:
    if len({scene.allowed_for[n] for n in numbers}) == 1 or len(numbers) > 8:
        # One open set for all lines; or so many lines that the whole supply is bound enough.
        return max(0, sum(scene.lines[n].quantity for n in numbers) - supply_of(scene, numbers))
    subsets = (t for k in range(1, len(numbers) + 1) for t in combinations(numbers, k))
    return max(0, max(_shortage(scene, subset) for subset in subsets))


def _shortage(scene: Scene, numbers: tuple[int, ...]) -> int:
    return sum(scene.lines[n].quantity for n in numbers) - supply_of(scene, numbers)
