"""Which search for which demand, under which limits."""

from __future__ import annotations

from collections.abc import Iterator

from dom.model.ids import Sku
from dom.sourcing import exact, heuristic
from dom.sourcing.exact import Found
from dom.sourcing.pieces import cut, unavoidable
from dom.sourcing.scene import Scene
from dom.sourcing.score import IMPOSSIBLE, impossible
from dom.sourcing.task import Limits

# Above this many pieces the DP's 3^n steps take longer than an order is worth.
EXACT_PIECES = 10


def best(scene: Scene) -> Found:
    """The best proposal and a lower bound of every proposal's score; empty contents if nothing
    may be allocated."""
    for limits in _limits(scene):
        found = _within(scene, limits)
        if found.contents is not None:
            return found
    return Found({}, scene.total({}))


def _limits(scene: Scene) -> Iterator[Limits]:
    """What is left over counts as one more shipment, so it is only looked at second."""
    fences, parcels = scene.rules.fences, scene.max_shipments
    if parcels is not None or fences.ship_complete:
        yield Limits(parcels, may_lose=False, value=fences.split_value)
    if not fences.ship_complete:
        most = None if parcels is None else parcels - 1
        yield Limits(most, may_lose=True, value=fences.split_value)


def _within(scene: Scene, limits: Limits) -> Found:
    """Whole lines first; SKUs of which that loses units needlessly are split into units."""
    whole = _search(scene, frozenset(), limits)
    split = _needlessly_short(scene, whole)
    if not split:
        return whole
    return min(whole, _search(scene, split, limits), key=lambda found: _score(scene, found))


def _search(scene: Scene, split: frozenset[Sku], limits: Limits) -> Found:
    pieces = cut(scene, split, EXACT_PIECES)
    found = exact.search(scene, pieces, limits) if pieces is not None else None
    if found and (found.contents is not None or impossible(found.bound)):
        return found
    guess = heuristic.search(scene, limits)
    return Found(guess.contents, max(guess.bound, found.bound) if found else guess.bound)


def _needlessly_short(scene: Scene, found: Found) -> frozenset[Sku]:
    """SKUs short by more than the network is: of lines that share one, or the effort left."""
    skus = [line.sku for line in scene.lines]
    tired = scene.too_much((n, line.quantity) for n, line in enumerate(scene.lines)) != 0
    if len(set(skus)) == len(skus) and not tired:
        return frozenset()
    short = {line.sku: 0 for line in scene.lines}
    for number, line in enumerate(scene.lines):
        placed = sum(parcel.get(number, 0) for parcel in (found.contents or {}).values())
        short[line.sku] += line.quantity - placed
    shared = (sku for sku in short if tired or skus.count(sku) > 1)
    least = unavoidable(scene)
    return frozenset(sku for sku in shared if short[sku] > least[sku])


def _score(scene: Scene, found: Found) -> int:
    return IMPOSSIBLE if found.contents is None else scene.total(found.contents)
