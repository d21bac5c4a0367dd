"""The subset-price DP: the cheapest way to cover all pieces by parcels.

G[T]: cheapest parcel with exactly the pieces T, over all locations. F[S] = min over T within S that
hold S's lowest piece of G[T] + F[S - T]: exact, in 3^n / 2 steps whatever the number of locations.
Locations are looked up by bit sets (docs/routing: subset-price DP, bitset form).
"""

from __future__ import annotations

from typing import NamedTuple

from dom.model.ids import Sku
from dom.sourcing.pieces import Piece
from dom.sourcing.scene import NO_OFFER, Scene
from dom.sourcing.score import IMPOSSIBLE

_LOST = 0
_AS_BEFORE = -1


class Limits(NamedTuple):
    """At most so many parcels (None: any number), and whether pieces may be left over."""

    parcels: int | None
    may_lose: bool


class Part(NamedTuple):
    """Pieces (as a bit mask) that one location sends."""

    pieces: int
    place: int


class Cover(NamedTuple):
    """The score of a cover, and its parts; pieces in no part are left over."""

    score: int
    parts: tuple[Part, ...]


def cheapest_cover(scene: Scene, pieces: list[Piece], limits: Limits) -> Cover:
    """The best cover, its score IMPOSSIBLE or more if there is none.

    A location may appear twice; for pieces of different SKUs it is then better, and possible, to
    merge the two, so that only pieces that share a SKU can be promised more than is there.
    """
    lost = [scene.loss(piece.quantity) if limits.may_lose else IMPOSSIBLE for piece in pieces]
    if pieces and limits.parcels != 0:
        full = (1 << len(pieces)) - 1
        grams, units = sum(p.grams for p in pieces), sum(p.quantity for p in pieces)
        score, place = scene.cheapest(_together(scene, pieces), grams, units)
        if score <= scene.loss(1) and score < 2 * scene.parcel_penalty:
            return Cover(score, (Part(full, place),))
    sets = fillable(scene, pieces)
    loads = _loads(pieces)
    offers = [scene.cheapest(places, *loads[s]) if s else NO_OFFER for s, places in enumerate(sets)]
    return _distribute([offer[0] for offer in offers], offers, lost, limits.parcels)


def _together(scene: Scene, pieces: list[Piece]) -> int:
    """The locations that can send all pieces in one parcel."""
    units: dict[Sku, int] = {}
    able = scene.network.everywhere
    for piece in pieces:
        units[piece.sku] = units.get(piece.sku, 0) + piece.quantity
        able &= piece.allowed
    for sku, quantity in units.items():
        able &= scene.supply.at_least(scene.network, sku, quantity)
    return able


def fillable(scene: Scene, pieces: list[Piece]) -> list[int]:
    """By set of pieces: the locations that can send all of them in one parcel."""
    same = [sum(1 << j for j, p in enumerate(pieces) if p.sku == piece.sku) for piece in pieces]
    alone = [_stocked(scene, piece, piece.quantity) for piece in pieces]
    sets = [scene.network.everywhere]
    for s in range(1, 1 << len(pieces)):
        low = (s & -s).bit_length() - 1
        able = sets[s & (s - 1)] & alone[low]
        rivals = s & same[low]
        if able and rivals & (rivals - 1):
            units = sum(p.quantity for j, p in enumerate(pieces) if rivals >> j & 1)
            able &= _stocked(scene, pieces[low], units)
        sets.append(able)
    return sets


def _stocked(scene: Scene, piece: Piece, units: int) -> int:
    return piece.allowed & scene.supply.at_least(scene.network, piece.sku, units)


def _loads(pieces: list[Piece]) -> list[tuple[int, int]]:
    """Grams and units by set of pieces."""
    loads = [(0, 0)]
    for s in range(1, 1 << len(pieces)):
        grams, units = loads[s & (s - 1)]
        piece = pieces[(s & -s).bit_length() - 1]
        loads.append((grams + piece.grams, units + piece.quantity))
    return loads


def _distribute(
    prices: list[int], offers: list[tuple[int, int]], lost: list[int], limit: int | None
) -> Cover:
    """Layers of at most 0, 1, 2 ... parcels; one open-ended layer where the limit cannot bind."""
    if limit is None or limit >= len(lost):
        layers = [_layer(prices, lost, None)]
    else:
        layers = [_nothing(lost)]
        for _ in range(limit):
            layers.append(_layer(prices, lost, layers[-1][0]))
    return Cover(layers[-1][0][-1], _parts(layers, offers))


def _nothing(lost: list[int]) -> tuple[list[int], list[int]]:
    best = [0]
    for s in range(1, 1 << len(lost)):
        best.append(best[s & (s - 1)] + lost[(s & -s).bit_length() - 1])
    return best, [_LOST] * len(best)


def _layer(
    prices: list[int], lost: list[int], before: list[int] | None
) -> tuple[list[int], list[int]]:
    """F and the choice that gives it; `before` is F with one parcel less."""
    best, choice = [0], [_LOST]
    rest_of = best if before is None else before
    for s in range(1, len(prices)):
        low = s & -s
        rest = s ^ low
        value, pick = best[rest] + lost[low.bit_length() - 1], _LOST
        if before is not None and before[s] <= value:
            value, pick = before[s], _AS_BEFORE
        t = rest
        while True:
            price = prices[t | low]
            if price < value:
                price += rest_of[rest ^ t]
                if price < value:
                    value, pick = price, t | low
            if not t:
                break
            t = (t - 1) & rest
        best.append(value)
        choice.append(pick)
    return best, choice


def _parts(
    layers: list[tuple[list[int], list[int]]], offers: list[tuple[int, int]]
) -> tuple[Part, ...]:
    parts: list[Part] = []
    level, s = len(layers) - 1, len(offers) - 1
    while s:
        pick = layers[level][1][s]
        if pick > 0:
            parts.append(Part(pick, offers[pick][1]))
            s ^= pick
        elif pick == _LOST:
            s &= s - 1
        level -= pick != _LOST and len(layers) > 1
    return tuple(parts)
