"""One day online: each order is planned as it comes; what is not yet released can still move.

Work at locations with a wave stays movable (ASSIGNED) until then, and at the wave all of it is
planned again together. What other locations were given starts at once and is fixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from dom.sourcing import bits
from dom.sourcing.joint.batch import Joint, plan_together
from dom.sourcing.joint.market import Market
from dom.sourcing.joint.prices import FREE, Prices
from dom.sourcing.joint.single import as_plan, best_plan
from dom.sourcing.joint.wish import Parcel, Plan, Wish


class Held(NamedTuple):
    """An order of the day: what is fixed, and what of it may still move with its plan."""

    wish: Wish
    fixed: tuple[Parcel, ...]
    open: Wish
    plan: Plan


class Rolling:
    """The orders of one day. `waves`: locations (bits) whose work can move until the wave."""

    def __init__(self, market: Market, prices: Prices, waves: int) -> None:
        self.market, self.prices, self.waves = market, prices, waves
        self.held: list[Held] = []

    def place(self, wish: Wish) -> Plan:
        """Plan a new order at the prices of the moment and take what it needs."""
        plan = best_plan(wish, self.market, self.prices)
        self.market.take(plan.parcels)
        now, later = _released(plan.parcels, self.waves)
        rest = still_open(wish, now) if now else wish
        self.held.append(Held(wish, now, rest, as_plan(rest, later) if now else plan))
        return plan

    def plan_of(self, i: int) -> Plan:
        """The whole plan of the day's i-th order."""
        held = self.held[i]
        return as_plan(held.wish, (*held.fixed, *held.plan.parcels)) if held.fixed else held.plan

    def wave(self, worth: Prices = FREE) -> Joint:
        """Plan again together what can still move and what found no place; then all is fixed.

        `worth`: what units are worth to later days.
        """
        movable = [i for i, held in enumerate(self.held) if held.open.pieces]
        start = [self.held[i].plan for i in movable]
        for plan in start:
            self.market.give_back(plan.parcels)
        wishes = [self.held[i].open for i in movable]
        joint = plan_together(wishes, self.market, start, worth=worth)
        for i, plan in zip(movable, joint.plans, strict=True):
            self.market.take(plan.parcels)
            held = self.held[i]
            self.held[i] = Held(held.wish, (*held.fixed, *plan.parcels), held.open, Plan(0, ()))
        return joint


def _released(
    parcels: Sequence[Parcel], waves: int
) -> tuple[tuple[Parcel, ...], tuple[Parcel, ...]]:
    """What starts now, and what waits. A line that starts in part does not wait with the rest: it
    could end up sent by halves."""
    now = [parcel for parcel in parcels if not waves >> parcel.place & 1]
    later = [parcel for parcel in parcels if waves >> parcel.place & 1]
    lines = {piece.line for parcel in now for piece in parcel.pieces}
    while tied := [p for p in later if any(piece.line in lines for piece in p.pieces)]:
        now += tied
        later = [parcel for parcel in later if parcel not in tied]
        lines |= {piece.line for parcel in tied for piece in parcel.pieces}
    return tuple(now), tuple(later)


def still_open(wish: Wish, fixed: Sequence[Parcel]) -> Wish:
    """What is left of a wish when some parcels are on their way; not from those places again, for
    that would be a second parcel from there."""
    sent = {piece.line for parcel in fixed for piece in parcel.pieces}
    pieces = tuple(piece for piece in wish.pieces if piece.line not in sent)
    used = bits.of((parcel.place for parcel in fixed), max((p.place for p in fixed), default=0) + 1)
    return replace(wish, pieces=pieces, allowed=wish.allowed & ~used, _loads={})
