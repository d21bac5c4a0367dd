"""Small random batches for the joint search, and every plan of them tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from random import Random

from dom.sourcing.joint.market import SLOTS, Market
from dom.sourcing.joint.single import as_plan
from dom.sourcing.joint.tariff import Tariff
from dom.sourcing.joint.wish import Parcel, Piece, Plan, Wish

LOST = 10_000
TARIFF = Tariff(
    breaks=[10, 20, 40],
    rates=[[500, 700, 600], [600, 900, 750], [800, 1200, 1000]],
    parcel=[100, 100, 200],
    unit=[10, 10, 30],
    fixed=[0, 0, 0],
)

# Each break costs more than twice the one below: goods are cheaper in two parcels than in one.
STEEP = Tariff(
    breaks=[10, 20, 40],
    rates=[[500, 700, 600], [1500, 2000, 1700], [4500, 6000, 5000]],
    parcel=[100, 100, 200],
    unit=[10, 10, 30],
    fixed=[0, 0, 0],
)


def random_market(rng: Random, places: int, skus: int, most: int = 2, slots: int = 2) -> Market:
    units = {s: {p: rng.randint(0, most) for p in range(places)} for s in range(skus)}
    return Market(units, {p: rng.randint(0, slots) for p in range(places)})


def random_wish(rng: Random, number: int, places: int, skus: int, units: int = 1) -> Wish:
    asked = rng.sample(range(skus), rng.randint(1, min(3, skus)))
    pieces = tuple(
        Piece(100 * number + j, sku, q, q * rng.randint(1, 6), LOST)
        for j, sku in enumerate(asked)
        for q in [rng.randint(1, units)]
    )
    groups = [0, 0, 0]
    for place in range(places):
        groups[rng.randrange(3)] |= 1 << place
    return Wish(number, pieces, tuple(groups), TARIFF)


def random_batch(
    seed: int, *, orders: int, places: int = 3, skus: int = 3, units: int = 1
) -> tuple[list[Wish], Market]:
    rng = Random(seed)
    market = random_market(rng, places, skus)
    return [random_wish(rng, n, places, skus, units) for n in range(orders)], market


def possible(plans: Sequence[Plan], market: Market) -> bool:
    """Checked by counting, not by the market's own bookkeeping."""
    used: dict[tuple[int, int], int] = {}
    for plan in plans:
        for parcel in plan.parcels:
            for sku, n in [(SLOTS, parcel.boxes), *((p.sku, p.quantity) for p in parcel.pieces)]:
                used[sku, parcel.place] = used.get((sku, parcel.place), 0) + n
    return all(n <= market.units[sku].get(place, 0) for (sku, place), n in used.items())


def every_plan(wish: Wish, places: int) -> Iterator[Plan]:
    """Each unit from each place or from none; only whole lines count as sent."""
    units = [
        p._replace(quantity=1, weight=p.weight // p.quantity)
        for p in wish.pieces
        for _ in range(p.quantity)
    ]
    seen = set()
    for choice in product(range(-1, places), repeat=len(units)):
        sends: dict[int, list[Piece]] = {}
        sent: dict[int, int] = {}
        for piece, place in zip(units, choice, strict=True):
            if place >= 0:
                sends.setdefault(place, []).append(piece)
                sent[piece.line] = sent.get(piece.line, 0) + 1
        if any(sent.get(p.line, 0) not in (0, p.quantity) for p in wish.pieces):
            continue
        parcels = tuple(Parcel(place, 1, tuple(sorted(ps))) for place, ps in sorted(sends.items()))
        if parcels not in seen:
            seen.add(parcels)
            yield as_plan(wish, parcels)


def least_cost(wishes: Sequence[Wish], market: Market, places: int) -> int:
    """The cheapest joint plan, by trying all."""
    if not wishes:
        return 0
    best = 1 << 60
    for plan in every_plan(wishes[0], places):
        if possible([plan], market):
            market.take(plan.parcels)
            best = min(best, plan.cost + least_cost(wishes[1:], market, places))
            market.give_back(plan.parcels)
    return best
