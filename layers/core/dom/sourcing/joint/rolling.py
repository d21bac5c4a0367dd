"""One day online: each order is planned as it comes; work that waits for a wave can still move.

Stores start at once, so what they were given is fixed. Work at locations with a wave stays movable
(ASSIGNED) until then: a later order that needs such a slot more may displace an earlier one, and at
the wave all of it is planned again together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from dom.sourcing import bits
from dom.sourcing.joint.batch import Joint, plan_together
from dom.sourcing.joint.market import SLOTS, Market
from dom.sourcing.joint.prices import Prices
from dom.sourcing.joint.single import as_plan, best_plan
from dom.sourcing.joint.wish import Parcel, Plan, Wish

# Orders that one newcomer may try to displace.
RIVALS = 40


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
        """Plan a new order and take what it needs."""
        plan = best_plan(wish, self.market, self.prices)
        self.market.take(plan.parcels)
        self.held.append(self._split(wish, (), plan))
        if self._wanted_elsewhere(wish, plan):
            self._displace(len(self.held) - 1)
        return self.plan_of(len(self.held) - 1)

    def plan_of(self, i: int) -> Plan:
        """The whole plan of the day's i-th order."""
        held = self.held[i]
        return as_plan(held.wish, (*held.fixed, *held.plan.parcels))

    def wave(self) -> Joint:
        """Plan again together what can still move and what found no place; then all is fixed."""
        movable = [i for i, held in enumerate(self.held) if held.open.pieces]
        start = [self.held[i].plan for i in movable]
        for plan in start:
            self.market.give_back(plan.parcels)
        joint = plan_together([self.held[i].open for i in movable], self.market, start)
        for i, plan in zip(movable, joint.plans, strict=True):
            self.market.take(plan.parcels)
            held = self.held[i]
            self.held[i] = Held(held.wish, (*held.fixed, *plan.parcels), held.open, Plan(0, ()))
        return joint

    def _split(self, wish: Wish, fixed: tuple[Parcel, ...], plan: Plan) -> Held:
        """Divide a plan into what starts now and what waits."""
        now, later = _released(plan.parcels, self.waves)
        fixed = (*fixed, *now)
        rest = still_open(wish, fixed)
        return Held(wish, fixed, rest, as_plan(rest, later))

    def _wanted_elsewhere(self, wish: Wish, plan: Plan) -> bool:
        """Whether it would cost less if places with movable work were not full."""
        full = self.waves & ~self.market.at_least(SLOTS, 1)
        if not full:
            return False
        ideal = best_plan(replace(wish, also=full), self.market, self.prices)
        return self._worth([ideal]) < self._worth([plan])

    def _displace(self, i: int) -> None:
        """The best pair: the newcomer in one order's place, that order somewhere else."""
        full = self.waves & ~self.market.at_least(SLOTS, 1)
        rivals = [
            j for j in range(i) if any(full >> p.place & 1 for p in self.held[j].plan.parcels)
        ]
        best = (0, -1)
        for j in rivals[-RIVALS:]:
            best = min(best, (self._swap(i, j, keep=False), j))
        if best[0] < 0:
            self._swap(i, best[1], keep=True)

    def _swap(self, i: int, j: int, *, keep: bool) -> int:
        """What it changes to plan i anew, then j; taken back unless it is to be kept."""
        mine = self.plan_of(i).parcels
        theirs = self.held[j]
        before = self._worth([self.plan_of(i), theirs.plan])
        self.market.give_back((*mine, *theirs.plan.parcels))
        first = best_plan(self.held[i].wish, self.market, self.prices)
        self.market.take(first.parcels)
        second = best_plan(theirs.open, self.market, self.prices)
        change = self._worth([first, second]) - before
        if keep:
            self.market.take(second.parcels)
            self.held[i] = self._split(self.held[i].wish, (), first)
            self.held[j] = self._split(theirs.wish, theirs.fixed, second)
        else:
            self.market.give_back(first.parcels)
            self.market.take((*mine, *theirs.plan.parcels))
        return change

    def _worth(self, plans: Iterable[Plan]) -> int:
        """Cost with the prices of what is used up."""
        return sum(plan.cost + sum(map(self.prices.of, plan.parcels)) for plan in plans)


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
