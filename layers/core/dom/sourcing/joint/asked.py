"""Live demands as wishes of the joint search, and what they share as its market."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dom.model.ids import Sku
from dom.sourcing.joint.case import Case
from dom.sourcing.joint.fare import LiveWish, PriceClass, counted, fare, money
from dom.sourcing.joint.market import Market
from dom.sourcing.joint.wish import Piece, Wish
from dom.sourcing.supply import Supply

# Beyond any price: all that is planned here has a place now, and is not to lose it.
LOST = 1 << 40


def dearest(case: Case, classes: Sequence[PriceClass]) -> int:
    """A penalty with which no second parcel pays for the case, but never more than the rules'.

    The rules' own may dwarf all prices; the bound's steps would not see those.
    """
    scene = case.scene
    everything = {n: line.quantity for n, line in enumerate(scene.lines)}
    top = max(money(scene, one.nearest, everything) for one in classes)
    return min(scene.rules.weights.parcel, max(0, top))


def numbers_of(cases: Sequence[Case]) -> dict[Sku, int]:
    """The SKUs that are asked for, numbered in their order."""
    skus = sorted({line.sku for case in cases for line in case.scene.lines})
    return {sku: n for n, sku in enumerate(skus)}


def wish_of(
    number: int,
    case: Case,
    classes: Sequence[PriceClass],
    penalty: int,
    skus: Mapping[Sku, int],
) -> Wish:
    """The case as the joint search sees it: a piece for each line."""
    pieces = tuple(
        Piece(n, skus[x.sku], x.quantity, counted(n, x.quantity), LOST, case.barred(n))
        for n, x in enumerate(case.scene.lines)
    )
    groups = tuple(one.members for one in classes)
    prices = fare(case.scene, classes, penalty)
    return LiveWish(number, pieces, groups, prices, effort=case.scene.effort)


def market_of(cases: Sequence[Case], supply: Supply, skus: Mapping[Sku, int]) -> Market:
    """What is there; a location without a bound has a slot for every unit that is asked for."""
    index, scene = cases[0].scene.network.index, cases[0].scene
    units = {
        number: {
            index[place]: n
            for place, n in supply.available.get(sku, {}).items()
            if n > 0 and place in index
        }
        for sku, number in skus.items()
    }
    most = sum(line.quantity for case in cases for line in case.scene.lines)
    slots = dict.fromkeys(range(scene.network.size), most)
    bounded = {index[p]: max(0, n) for p, n in supply.capacity_left.items() if p in index}
    effort = {index[p]: max(0, n) for p, n in supply.effort_left.items() if p in index}
    return Market(units, {**slots, **bounded}, effort)
