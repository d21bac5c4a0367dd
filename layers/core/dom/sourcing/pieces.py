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
    bulk: int = 0
    value: int = 0


def cut(scene: Scene, split: frozenset[Sku], most: int) -> list[Piece] | None:
    """The demand as pieces; None if there would be more than `most`.

    A line stays whole if one location can fill it and its SKU is not in `split`, or if it travels
    with others; otherwise it becomes single units, no more than the network has.
    """
    whole = {
        number: bool(line.keep_together)
        or (line.sku not in split and bool(scene.able(number, line.quantity)))
        for number, line in enumerate(scene.lines)
    }
    counts = {number: 1 if whole[number] else _units(scene, number) for number in whole}
    for numbers in lines_by_sku(scene).values():
        if len(numbers) > 1 and not any(whole[n] for n in numbers):
            _drop_surplus(scene, counts, numbers)
    if sum(counts.values()) > most:
        return None
    return [_piece(scene, n, whole[n]) for n, count in counts.items() for _ in range(count)]


def _piece(scene: Scene, number: int, whole: bool) -> Piece:
    line = scene.lines[number]
    quantity = line.quantity if whole else 1
    return Piece(
        number,
        line.sku,
        quantity,
        quantity * line.grams,
        scene.allowed_for[number],
        quantity * line.volume_cm3,
        quantity * line.value_minor,
    )


def _units(scene: Scene, number: int) -> int:
    return supply_of(scene, (number,), scene.lines[number].quantity)


def _drop_surplus(scene: Scene, counts: dict[int, int], numbers: tuple[int, ...]) -> None:
    """Where it makes no difference which line goes short, the last ones do."""
    if len({(scene.allowed_for[n], scene.lines[n].grams) for n in numbers}) > 1:
        return
    wanted = sum(counts[n] for n in numbers)
    surplus = wanted - supply_of(scene, numbers, wanted)
    for number in reversed(numbers):
        dropped = max(0, min(counts[number], surplus))
        counts[number] -= dropped
        surplus -= dropped


def lines_by_sku(scene: Scene) -> dict[Sku, tuple[int, ...]]:
    """Line numbers by SKU."""
    found: dict[Sku, tuple[int, ...]] = {}
    for number, line in enumerate(scene.lines):
        found[line.sku] = (*found.get(line.sku, ()), number)
    return found


def supply_of(scene: Scene, numbers: tuple[int, ...], enough: int) -> int:
    """Units that all locations open to any of those lines (of one SKU) hold together, counted
    up to `enough`."""
    places = 0
    for number in numbers:
        places |= scene.able(number, 1)
    locations, sku, total = scene.network.locations, scene.lines[numbers[0]].sku, 0
    for place in bits.members(places):
        total += scene.supply.units(sku, locations[place].location_id)
        if total >= enough:
            return enough
    return total


def unavoidable(scene: Scene) -> dict[Sku, int]:
    """Units of each SKU that every plan must leave over, were lines free to be split.

    Max flow = min cut: lines T keep their supply as the limit, the others their quantity.
    """
    return {sku: _unavoidable(scene, numbers) for sku, numbers in lines_by_sku(scene).items()}


def _unavoidable(scene: Scene, numbers: tuple[int, ...]) -> int:
    if len({scene.allowed_for[n] for n in numbers}) == 1 or len(numbers) > 8:
        # One open set for all lines; or so many lines that the whole supply is bound enough.
        return _shortage(scene, numbers)
    subsets = (t for k in range(1, len(numbers) + 1) for t in combinations(numbers, k))
    return max(_shortage(scene, subset) for subset in subsets)


def _shortage(scene: Scene, numbers: tuple[int, ...]) -> int:
    wanted = sum(scene.lines[n].quantity for n in numbers)
    return wanted - supply_of(scene, numbers, wanted)
