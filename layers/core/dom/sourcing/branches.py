"""What to try instead of a cover that takes too much of a location: the branches of a search."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from dom.model.ids import Sku
from dom.sourcing.pieces import Piece
from dom.sourcing.scene import Scene
from dom.sourcing.task import Bond, Cover, Part, Task


def children(scene: Scene, task: Task, cover: Cover) -> list[Task] | None:
    """What to try instead of a cover that does not work; None if it does."""
    places = [part.place for part in cover.parts]
    if len(set(places)) == len(places):
        return None
    clash = _clash(scene, task.pieces, cover)
    if clash:
        made = _branches(task.pieces, *clash, by_line=scene.effort is not None)
        return [task._replace(pieces=pieces) for pieces in made]
    torn = _torn(scene, task.pieces, cover)
    return list(_mended(task, *torn)) if torn else None


def _torn(scene: Scene, pieces: list[Piece], cover: Cover) -> tuple[Part, Part] | None:
    """Two parcels of one location that cannot be, or cost more as, the one parcel they are."""
    by_place: dict[int, list[Part]] = {}
    for part in cover.parts:
        by_place.setdefault(part.place, []).append(part)
    for place, parts in sorted(by_place.items()):
        if len(parts) > 1:
            together = contents_of(pieces, Cover(0, tuple(parts)))[place]
            dearer = scene.contents_score(place, together) > sum(part.score for part in parts)
            if dearer or scene.too_much(together.items()) >> place & 1:
                return parts[0], parts[1]
    return None


def _mended(task: Task, one: Part, other: Part) -> Iterator[Task]:
    """A piece of either comes from elsewhere, or the two travel together if from there."""
    place, pair = one.place, (one.pieces & -one.pieces) | (other.pieces & -other.pieces)
    for j in range(len(task.pieces)):
        if pair >> j & 1:
            pieces = [_barred(p, place) if i == j else p for i, p in enumerate(task.pieces)]
            yield task._replace(pieces=pieces)
    yield task._replace(bonds=(*task.bonds, Bond(pair, 1 << place)))


def _clash(scene: Scene, pieces: list[Piece], cover: Cover) -> tuple[int, Sku, int] | None:
    """A location, a SKU of which it is to send too much, and what it has; None if all is well."""
    asked: dict[tuple[int, Sku], list[Piece]] = {}
    for part in cover.parts:
        for j, piece in enumerate(pieces):
            if part.pieces >> j & 1:
                asked.setdefault((part.place, piece.sku), []).append(piece)
    for (place, sku), group in sorted(asked.items()):
        there = scene.units_at(group[0].line, place)
        if len(group) > 1 and sum(piece.quantity for piece in group) > there:
            return place, sku, there
    return None


def _branches(
    pieces: list[Piece], place: int, sku: Sku, there: int, *, by_line: bool
) -> Iterator[list[Piece]]:
    """Every largest choice of pieces of the SKU that may come from the place; of pieces that are
    equal, only the number matters, whatever their line, unless lines cost effort (`by_line`)."""
    equal: dict[Piece, list[int]] = {}
    for j, piece in enumerate(pieces):
        if piece.sku == sku and piece.allowed >> place & 1:
            like = piece if by_line else piece._replace(line=0)
            equal.setdefault(like, []).append(j)
    for counts in product(*(range(len(members) + 1) for members in equal.values())):
        left = there - sum(n * piece.quantity for n, piece in zip(counts, equal, strict=True))
        spare = [
            p.quantity for n, (p, js) in zip(counts, equal.items(), strict=True) if n < len(js)
        ]
        if left >= 0 and all(quantity > left for quantity in spare):
            barred = {j for n, js in zip(counts, equal.values(), strict=True) for j in js[n:]}
            yield [_barred(p, place) if j in barred else p for j, p in enumerate(pieces)]


def _barred(piece: Piece, place: int) -> Piece:
    return piece._replace(allowed=piece.allowed & ~(1 << place))


def contents_of(pieces: list[Piece], cover: Cover) -> dict[int, dict[int, int]]:
    """Units by line number by location number."""
    contents: dict[int, dict[int, int]] = {}
    for part in cover.parts:
        parcel = contents.setdefault(part.place, {})
        for j, piece in enumerate(pieces):
            if part.pieces >> j & 1:
                parcel[piece.line] = parcel.get(piece.line, 0) + piece.quantity
    return contents
