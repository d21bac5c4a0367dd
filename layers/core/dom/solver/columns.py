"""A batch as a set-partition program: the parcels that may be sent, what they cost and use up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from dom.sourcing.joint.batch import Batch
from dom.sourcing.joint.market import EFFORT, SLOTS, Market
from dom.sourcing.joint.offers import Offers
from dom.sourcing.joint.prices import as_parcel
from dom.sourcing.joint.wish import Parcel, Plan

# An order's own piece (order, piece), or what orders share (SKU, SLOTS or EFFORT, place).
Cover = tuple[int, int]
Shared = tuple[int, int]


class Column(NamedTuple):
    """Something to do or not for one order: `cover` what it settles, `uses` what it takes."""

    order: int
    cost: int
    cover: tuple[int, ...]
    uses: tuple[tuple[Shared, int], ...]
    parcels: tuple[Parcel, ...]
    given: bool = False


def columns(batch: Batch, margin: int) -> list[Column]:
    """Every order's present plan first; then each parcel that is in a plan of its order at most
    `margin` above the cheapest at the batch's prices, and each line lost."""
    given = [_as_given(batch, i) for i in range(len(batch.wishes))]
    made = [
        column
        for i, offer in enumerate(batch.offers)
        if offer.exact
        for column in (*_parcels(batch, i, offer, margin), *_losses(i, offer))
    ]
    return given + made


def limits(made: Sequence[Column], market: Market) -> dict[Shared, int]:
    """What orders share and could together use up, with what there is of it."""
    most: dict[Shared, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for column in made:
        for shared, amount in column.uses:
            most[shared][column.order] += amount
    there = {shared: market.units[shared[0]].get(shared[1], 0) for shared in most}
    return {shared: there[shared] for shared in most if sum(most[shared].values()) > there[shared]}


def plans_of(batch: Batch, chosen: Iterable[Column]) -> list[Plan]:
    """The chosen columns as plans."""
    parcels: dict[int, list[Parcel]] = defaultdict(list)
    for column in chosen:
        parcels[column.order] += column.parcels
    return [batch.plan(i, tuple(parcels[i])) for i in range(len(batch.wishes))]


def _as_given(batch: Batch, i: int) -> Column:
    plan, offer = batch.plans[i], batch.offers[i]
    cost = plan.cost + sum(map(batch.worth.of, plan.parcels))
    cover = tuple(range(len(offer.wish.pieces))) if offer.exact else ()
    return Column(i, cost, cover, _uses(plan.parcels), plan.parcels, given=True)


def _parcels(batch: Batch, i: int, offer: Offers, margin: int) -> Iterator[Column]:
    slots = batch.prices.slots.get(offer.wish.day, {})
    for s, place, cost in offer.within(slots, batch.prices.units, margin):
        parcel = as_parcel(offer.wish, s, place)
        cover = tuple(j for j in range(len(offer.wish.pieces)) if s >> j & 1)
        yield Column(i, cost, cover, _uses((parcel,)), (parcel,))


def _losses(i: int, offer: Offers) -> Iterator[Column]:
    """A line is lost as a whole."""
    lines: dict[int, list[int]] = defaultdict(list)
    for j, piece in enumerate(offer.wish.pieces):
        lines[piece.line].append(j)
    for numbers in lines.values():
        yield Column(i, offer.wish.pieces[numbers[0]].lost, tuple(numbers), (), ())


def _uses(parcels: Iterable[Parcel]) -> tuple[tuple[Shared, int], ...]:
    used: dict[Shared, int] = defaultdict(int)
    for parcel in parcels:
        used[SLOTS, parcel.place] += parcel.boxes
        if parcel.effort:
            used[EFFORT, parcel.place] += parcel.effort
        for piece in parcel.pieces:
            used[piece.sku, parcel.place] += piece.quantity
    return tuple(used.items())
