"""The subset-price DP: the cheapest way to cover all pieces by parcels.

G[T]: cheapest parcel with exactly the pieces T, over all locations. F[S] = min over T within S that
hold S's lowest piece of G[T] + F[S - T]: exact, in 3^n / 2 steps whatever the number of locations.
Locations are looked up by bit sets (docs/routing: subset-price DP, bitset form).
"""

from __future__ import annotations

from typing import NamedTuple

from dom.model.ids import Sku
from dom.sourcing.floor import two_parcels
from dom.sourcing.pieces import Piece
from dom.sourcing.scene import NO_OFFER, Load, Scene
from dom.sourcing.score import IMPOSSIBLE

_LOST = 0
_AS_BEFORE = -1


class Limits(NamedTuple):
    """At most so many parcels (None: any number), and whether pieces may be left over.

    `value`: goods of less value (minor units) are no shipment of their own beside others, and not
    left over beside one.
    """

    parcels: int | None
    may_lose: bool
    value: int = 0


class Bond(NamedTuple):
    """Pieces (as a bit mask) that those locations send in one parcel or not at all."""

    pieces: int
    places: int


class Task(NamedTuple):
    """What is to be covered. `missing`: units that no piece stands for, and `missing_value`."""

    pieces: list[Piece]
    limits: Limits
    bonds: tuple[Bond, ...] = ()
    missing: int = 0
    missing_value: int = 0


class Part(NamedTuple):
    """Pieces (as a bit mask) that one location sends, and the score of that."""

    pieces: int
    place: int
    score: int


class Cover(NamedTuple):
    """The score of a cover, and its parts; pieces in no part are left over."""

    score: int
    parts: tuple[Part, ...]


# F and the choice that gives it, by set of pieces.
Layer = tuple[list[int], list[int]]


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
    offers = [scene.cheapest(places, *loads[s]) if s else NO_OFFER for s, places in enumerate(sets)]
    lost = [scene.loss(piece.quantity) if limits.may_lose else IMPOSSIBLE for piece in pieces]
    lift = max(0, -min((offer[0] for offer in offers), default=0))
    prices = [offer[0] + lift * s.bit_count() for s, offer in enumerate(offers)]
    lost = [loss + lift for loss in lost]
    if limits.value:
        found = _worth_sending(task, prices, offers, lost)
    else:
        layers = _layers(prices, lost, limits.parcels)
        found = Cover(layers[-1][0][-1], _parts(layers, offers, len(offers) - 1))
    return found._replace(score=found.score - lift * len(pieces))


def _in_one(scene: Scene, task: Task) -> Cover | None:
    """All pieces in one parcel, if no two parcels can be cheaper."""
    pieces = task.pieces
    if not pieces or task.limits.parcels == 0 or task.limits.value:
        return None
    (load,) = _loads(pieces, scene.by_goods, only_all=True)
    score, place = scene.cheapest(_together(scene, pieces), *load)
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
    for sku, quantity in units.items():
        able &= scene.supply.at_least(scene.network, sku, quantity)
    return able


def fillable(scene: Scene, task: Task) -> list[int]:
    """By set of pieces: the locations that can send all of them in one parcel."""
    pieces = task.pieces
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
    for bond in task.bonds:
        for s in range(1, len(sets)):
            if 0 < s & bond.pieces < bond.pieces:
                sets[s] &= ~bond.places
    return sets


def _stocked(scene: Scene, piece: Piece, units: int) -> int:
    return piece.allowed & scene.supply.at_least(scene.network, piece.sku, units)


def _loads(pieces: list[Piece], by_goods: bool, only_all: bool = False) -> list[Load]:
    """What sets of pieces weigh: every set, or only that of all of them."""
    full = (1 << len(pieces)) - 1
    if only_all:
        grams, units = sum(p.grams for p in pieces), sum(p.quantity for p in pieces)
        load = Load(grams, units, sum(p.bulk for p in pieces))
        return [load._replace(items=_items(pieces, full)) if by_goods else load]
    loads = [Load()]
    for s in range(1, full + 1):
        grams, units, bulk, _ = loads[s & (s - 1)]
        piece = pieces[(s & -s).bit_length() - 1]
        items = _items(pieces, s) if by_goods else ()
        loads.append(Load(grams + piece.grams, units + piece.quantity, bulk + piece.bulk, items))
    return loads


def _items(pieces: list[Piece], s: int) -> tuple[tuple[int, int], ...]:
    units: dict[int, int] = {}
    for j, piece in enumerate(pieces):
        if s >> j & 1:
            units[piece.line] = units.get(piece.line, 0) + piece.quantity
    return tuple(sorted(units.items()))


def _worth_sending(
    task: Task, prices: list[int], offers: list[tuple[int, int]], lost: list[int]
) -> Cover:
    """No shipment beside others, and nothing left over beside one, that is worth too little.

    What is left over is tried set by set, since only as a whole it has a value.
    """
    least, full = task.limits.value, len(prices) - 1
    values = [0]
    for s in range(1, full + 1):
        values.append(values[s & (s - 1)] + task.pieces[(s & -s).bit_length() - 1].value)
    for s in range(1, full + 1):
        if values[s] < least and (s < full or task.missing):
            prices[s] = IMPOSSIBLE
    layers = _layers(prices, [IMPOSSIBLE] * len(lost), task.limits.parcels)
    losses, sent_all = _nothing(lost)[0], layers[-1][0]
    best = losses[full], 0
    for left in range(full):
        over = values[left] + task.missing_value
        if over >= least or not (left or task.missing):
            best = min(best, (losses[left] + sent_all[full ^ left], full ^ left))
    return Cover(best[0], _parts(layers, offers, best[1]))


def _layers(prices: list[int], lost: list[int], limit: int | None) -> list[Layer]:
    """Layers of at most 0, 1, 2 ... parcels; one open-ended layer where the limit cannot bind."""
    if limit is None or limit >= len(lost):
        return [_layer(prices, lost, None)]
    layers = [_nothing(lost)]
    for _ in range(limit):
        layers.append(_layer(prices, lost, layers[-1][0]))
    return layers


def _nothing(lost: list[int]) -> Layer:
    best = [0]
    for s in range(1, 1 << len(lost)):
        best.append(best[s & (s - 1)] + lost[(s & -s).bit_length() - 1])
    return best, [_LOST] * len(best)


def _layer(prices: list[int], lost: list[int], before: list[int] | None) -> Layer:
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


def _parts(layers: list[Layer], offers: list[tuple[int, int]], s: int) -> tuple[Part, ...]:
    parts: list[Part] = []
    level = len(layers) - 1
    while s:
        pick = layers[level][1][s]
        if pick > 0:
            parts.append(Part(pick, offers[pick][1], offers[pick][0]))
            s ^= pick
        elif pick == _LOST:
            s &= s - 1
        level -= pick != _LOST and len(layers) > 1
    return tuple(parts)
