"""The subset-price DP: the cheapest way to cover all pieces by parcels.

G[T]: cheapest parcel with exactly the pieces T, over all locations. F[S] = min over T within S that
hold S's lowest piece of G[T] + F[S - T]: exact, in 3^n / 2 steps whatever the number of locations.
Locations are looked up by bit sets (docs/routing: subset-price DP, bitset form).
"""

from __future__ import annotations

from collections.abc import Iterable

from dom.model.ids import Sku
from dom.sourcing.floor import two_parcels
from dom.sourcing.kernel import divide
from dom.sourcing.layers import layers_of, parts_of, worth_sending
from dom.sourcing.pieces import Piece
from dom.sourcing.pricing import Items
from dom.sourcing.scene import NO_OFFER, Load, Scene
from dom.sourcing.score import IMPOSSIBLE
from dom.sourcing.task import Cover, Part, Task


def cheapest_cover(scene: Scene, task: Task) -> Cover:
    """The best cover, its score IMPOSSIBLE or more if there is none.

    Where parcels earn money, every piece is made dearer by as much (`lift`), in whatever parcel it
    is, so that the search may stop at sets that cost too much already.
    A location may appear twice, where the price of one parcel with both parts is higher or the
    stock does not suffice: the caller has to look at that.
    """
    one = _in_one(scene, task)
    if one:
        return one
    pieces, limits = task.pieces, task.limits
    sets = fillable(scene, task)
    loads = _loads(pieces, scene.by_goods)
    offers = [
        scene.cheapest(places, *load) if places and s else NO_OFFER
        for s, (places, load) in enumerate(zip(sets, loads, strict=True))
    ]
    lost = [scene.loss(piece.quantity) if limits.may_lose else IMPOSSIBLE for piece in pieces]
    lift = max(0, -min((offer[0] for offer in offers), default=0))
    prices = [offer[0] + lift * s.bit_count() for s, offer in enumerate(offers)]
    lost = [loss + lift for loss in lost]
    if limits.value:
        found = worth_sending(task, prices, offers, lost)
    elif limits.parcels is None or limits.parcels >= len(pieces):
        score, chosen = divide(prices, lost)
        found = Cover(score, tuple(Part(s, offers[s][1], offers[s][0]) for s in chosen))
    else:
        layers = layers_of(prices, lost, limits.parcels)
        found = Cover(layers[-1][0][-1], parts_of(layers, offers, len(offers) - 1))
    return found._replace(score=found.score - lift * len(pieces))


def _in_one(scene: Scene, task: Task) -> Cover | None:
    """All pieces in one parcel, if no two parcels can be cheaper."""
    pieces = task.pieces
    if not pieces or task.limits.parcels == 0 or task.limits.value:
        return None
    able = _together(scene, pieces)
    if not able:
        return None
    score, place = scene.cheapest(able, *_whole(pieces, scene.by_goods))
    if score > scene.loss(1) or (len(pieces) > 1 and score >= two_parcels(scene, pieces)):
        return None
    return Cover(score, (Part((1 << len(pieces)) - 1, place, score),))


def _together(scene: Scene, pieces: list[Piece]) -> int:
    """The locations that can send all pieces in one parcel."""
    units: dict[Sku, int] = {}
    able = scene.network.everywhere
    for piece in pieces:
        units[piece.sku] = units.get(piece.sku, 0) + piece.quantity
        able &= piece.allowed
    if scene.effort:
        able &= ~scene.too_much(_items(pieces, (1 << len(pieces)) - 1))
    for sku, quantity in units.items():
        able &= scene.supply.at_least(scene.network, sku, quantity)
    return able


def fillable(scene: Scene, task: Task) -> list[int]:
    """By set of pieces: the locations that can send all of them in one parcel."""
    pieces = task.pieces
    same = [sum(1 << j for j, p in enumerate(pieces) if p.sku == piece.sku) for piece in pieces]
    alone = [_stocked(scene, piece, piece.quantity) for piece in pieces]
    sets, bounded = [scene.network.everywhere], scene.effort is not None
    for s in range(1, 1 << len(pieces)):
        low = (s & -s).bit_length() - 1
        able = sets[s & (s - 1)] & alone[low]
        rivals = s & same[low]
        if able and rivals & (rivals - 1):
            units = sum(p.quantity for j, p in enumerate(pieces) if rivals >> j & 1)
            able &= _stocked(scene, pieces[low], units)
        if able and bounded:
            able &= ~scene.too_much(_items(pieces, s))
        sets.append(able)
    for bond in task.bonds:
        for s in range(1, len(sets)):
            if 0 < s & bond.pieces < bond.pieces:
                sets[s] &= ~bond.places
    return sets


def _stocked(scene: Scene, piece: Piece, units: int) -> int:
    return piece.allowed & scene.supply.at_least(scene.network, piece.sku, units)


def _whole(pieces: list[Piece], by_goods: bool) -> Load:
    grams, units = sum(p.grams for p in pieces), sum(p.quantity for p in pieces)
    items = _items(pieces, (1 << len(pieces)) - 1) if by_goods else ()
    return Load(grams, units, sum(p.bulk for p in pieces), items)


def _loads(pieces: list[Piece], by_goods: bool) -> Iterable[tuple[int, int, int, Items]]:
    """What every set of pieces weighs: grams, units, volume, and which goods if that matters."""
    grams, units, bulk = [0], [0], [0]
    for piece in pieces:
        grams += [some + piece.grams for some in grams]
        units += [some + piece.quantity for some in units]
        bulk += [some + piece.bulk for some in bulk]
    sets = range(len(grams))
    items = [_items(pieces, s) for s in sets] if by_goods else [()] * len(grams)
    return zip(grams, units, bulk, items, strict=True)


def _items(pieces: list[Piece], s: int) -> tuple[tuple[int, int], ...]:
    units: dict[int, int] = {}
    for j, piece in enumerate(pieces):
        if s >> j & 1:
            units[piece.line] = units.get(piece.line, 0) + piece.quantity
    return tuple(sorted(units.items()))
