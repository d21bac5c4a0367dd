"""What a solver is asked to find of an order's lines: kits in portions, each from one location.

A portion is a part of several lines that leaves together, so that a kit is never sent from two
places, while several kits of one line may be (ADR 50).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from dom.model.ids import Sku
from dom.model.kit import Kit, Stock, Units, few, portions, shelves_of
from dom.model.order import Bucket, Order, OrderLine

# Between a line's id and the number of the portion.
_MARK = "#"


class Piece(NamedTuple):
    """Units of a line, under a name of their own, and what they leave together with ("": nothing).
    `kit`: they are of one.
    """

    name: str
    line: OrderLine
    sku: Sku
    units: int
    together: str = ""
    kit: Kit | None = None


def pieces_of(order: Order, group_id: str, units: Units, stock: Stock | None = None) -> list[Piece]:
    """These units (by line id) of the ship group, kits in as many portions as seem useful where
    there is so much of their components.
    """
    kits = [kit for kit in order.kits if kit.begun(units)]
    single = few(sum(len(kit.parts) for kit in kits if kit.begun(units) > 1))
    if _was_tried(order, kits):
        stock = None  # where the fullest have it was in vain: halves fit wherever some are
    cuts = {kit.line_id: _cut(kit, units, single, stock) for kit in kits}
    return list(_pieces(order, group_id, units, cuts))


def pieces_held(order: Order, group_id: str, held: Sequence[Units]) -> list[Piece]:
    """The same of units that locations have now: what of a kit is at one of them is one portion."""
    total: dict[str, int] = {}
    for units in held:
        for line_id, n in units.items():
            total[line_id] = total.get(line_id, 0) + n
    cuts = {kit.line_id: _portions(kit, held) for kit in order.kits}
    return list(_pieces(order, group_id, total, cuts))


def names_at(order: Order, held: Sequence[Units], number: int) -> dict[str, int]:
    """What of `pieces_held` is at one of the locations: units by the pieces' names."""
    found = {line_id: n for line_id, n in held[number].items() if n}
    for kit in order.kits:
        mine = {part.line_id: found.pop(part.line_id, 0) for part in kit.parts}
        several = len(_portions(kit, held)) > 1
        found |= {(_name(x, number) if several else x): n for x, n in mine.items() if n}
    return found


def line_of(name: str, order: Order) -> str:
    """The id of the order's line that a piece is of."""
    line_id, mark, number = name.rpartition(_MARK)
    of_kit = any(part.line_id == line_id for kit in order.kits for part in kit.parts)
    return line_id if mark and number.isdigit() and of_kit else name


def by_line(units: Units, order: Order) -> dict[str, int]:
    """Units by the pieces' names as units by line id."""
    found: dict[str, int] = {}
    for name, n in units.items():
        line_id = line_of(name, order)
        found[line_id] = found.get(line_id, 0) + n
    return found


def _pieces(
    order: Order, group_id: str, units: Units, cuts: Mapping[str, Mapping[int, Units]]
) -> Iterator[Piece]:
    kits = {part.line_id: kit for kit in order.kits for part in kit.parts}
    for line in order.lines:
        wanted = units.get(line.line_id)
        if line.ship_group_id != group_id or not line.sku or not wanted:
            continue
        kit = kits.get(line.line_id)
        if kit is None:
            yield Piece(line.line_id, line, line.sku, wanted)
            continue
        parts = cuts[kit.line_id]
        for number, portion in parts.items():
            name = _name(line.line_id, number) if len(parts) > 1 else line.line_id
            if n := portion.get(line.line_id):
                yield Piece(name, line, line.sku, n, f"kit {_name(kit.line_id, number)}", kit)


def _cut(kit: Kit, units: Units, single: int, stock: Stock | None) -> dict[int, Units]:
    """Of a kit that is there in part only, the portions that come first have more of it."""
    left = {part.line_id: units.get(part.line_id, 0) for part in kit.parts}
    found: dict[int, Units] = {}
    number_of = kit.begun(left)
    shelves = None if stock is None or number_of <= single else shelves_of(kit, stock)
    for number, size in enumerate(portions(number_of, single, shelves)):
        taken = {part.line_id: min(left[part.line_id], part.units * size) for part in kit.parts}
        left = {line_id: n - taken[line_id] for line_id, n in left.items()}
        found[number] = taken
    return found


def _portions(kit: Kit, held: Sequence[Units]) -> dict[int, Units]:
    mine = [part.line_id for part in kit.parts]
    found = {number: {x: units.get(x, 0) for x in mine} for number, units in enumerate(held)}
    return {number: portion for number, portion in found.items() if any(portion.values())}


def _name(line_id: str, number: int) -> str:
    return f"{line_id}{_MARK}{number:03}"


def _was_tried(order: Order, kits: Sequence[Kit]) -> bool:
    parts = {part.line_id for kit in kits for part in kit.parts}
    mine = (line for line in order.lines if line.line_id in parts)
    return any(line.excluded or line.units(Bucket.BACKORDERED) for line in mine)
