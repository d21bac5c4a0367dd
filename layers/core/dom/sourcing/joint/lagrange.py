"""Prices of shared stock and capacity by subgradient steps, and the lower bound they prove.

Relax "no location sends more than it has": each order then chooses alone at prices for slots and
units, and value(prices) - sum(price * supply) is a lower bound of every joint plan (weak duality).
Polyak's steps raise it: rows that are overused grow dear, unused ones cheap.

While climbing, an order chooses among plans that split no line needlessly; the bound handed back is
evaluated once more for all plans.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dom.sourcing.joint.market import SLOTS, Market
from dom.sourcing.joint.offers import Choice, Offers

# Steps are a count, not a clock: the same input gives the same prices.
STEPS = 30
# Halve the step after so many steps without a better bound.
PATIENCE = 4
# Stop where the bound is within one part in so many of the plan known.
ENOUGH = 1000

Rows = dict[int, dict[int, int]]


class Duals(NamedTuple):
    """Prices of slots by day and place, of units by SKU and place."""

    slots: Rows
    units: Rows


class Bounded(NamedTuple):
    """A valid lower bound and the prices that prove it; further prices worth assigning at.

    `unsplit`: a bound of the plans that split no line needlessly, never below `bound`.
    """

    bound: int
    unsplit: int
    best: Duals
    last: Duals
    mean: Duals


def bound(
    offers: Sequence[Offers], market: Market, slots: Mapping[int, int], aim: int, steps: int = STEPS
) -> Bounded:
    """Raise the bound towards `aim`, the cost of a known plan. `slots` holds for each day."""
    ascent = _Ascent(offers, market, slots, aim)
    for _ in range(steps):
        if not ascent.step():
            break
    return Bounded(ascent.proven(), ascent.bound, ascent.best, ascent.duals, ascent.mean())


class _Ascent:
    def __init__(
        self, offers: Sequence[Offers], market: Market, slots: Mapping[int, int], aim: int
    ) -> None:
        self.offers, self.slots, self.aim = offers, slots, aim
        self.stock = contested(offers, market)
        self.duals = self.best = Duals({}, {sku: {} for sku in self.stock})
        self.bound, self.scale, self.idle, self.steps = -1, 1.0, 0, 0
        self.sums = Duals(defaultdict(Counter), defaultdict(Counter))

    def step(self) -> bool:
        """One evaluation and one move; False when the bound is tight."""
        choices = [
            o.choose(self.duals.slots.get(o.wish.day, {}), self.duals.units) for o in self.offers
        ]
        value = sum(choice.value for choice in choices) - self._worth(self.duals)
        self._note(value)
        slope = self._slope(choices)
        norm = sum(g * g for rows in slope for row in rows.values() for g in row.values())
        if not norm or (self.aim - self.bound) * ENOUGH <= self.aim:
            return False
        self._move(slope, self.scale * (self.aim - value) / norm)
        return True

    def proven(self) -> int:
        """The bound at the best prices, of plans that split lines as well."""
        slots, units = self.best
        values = (offer.at_least(slots.get(offer.wish.day, {}), units) for offer in self.offers)
        return sum(values) - self._worth(self.best)

    def mean(self) -> Duals:
        """The average of all prices so far: smoother than any one of them."""
        n = max(1, self.steps)
        return Duals(
            *(
                {k: {p: v // n for p, v in row.items()} for k, row in rows.items()}
                for rows in self.sums
            )
        )

    def _worth(self, duals: Duals) -> int:
        """What all supply is worth at these prices."""
        slots = sum(
            price * self.slots.get(place, 0)
            for row in duals.slots.values()
            for place, price in row.items()
        )
        units = sum(
            price * self.stock[sku][place]
            for sku, row in duals.units.items()
            for place, price in row.items()
        )
        return slots + units

    def _note(self, value: int) -> None:
        self.idle += 1
        if value > self.bound:
            self.bound, self.best, self.idle = value, self.duals, 0
        elif self.idle >= PATIENCE:
            self.scale, self.idle = self.scale / 2, 0

    def _slope(self, choices: Sequence[Choice]) -> tuple[Rows, Rows]:
        """Use minus supply, for rows that are overused or have a price."""
        slots: Rows = {
            day: {p: -self.slots.get(p, 0) for p in row} for day, row in self.duals.slots.items()
        }
        units: Rows = {
            sku: {p: -self.stock[sku][p] for p in row} for sku, row in self.duals.units.items()
        }
        for offer, choice in zip(self.offers, choices, strict=True):
            for s, place in choice.parcels:
                self._use(slots, units, offer, s, place)
        for rows, prices in ((slots, self.duals.slots), (units, self.duals.units)):
            for key, row in rows.items():
                priced = prices.get(key, {})
                rows[key] = {p: g for p, g in row.items() if g > 0 or (g and priced.get(p))}
        return slots, units

    def _use(self, slots: Rows, units: Rows, offer: Offers, s: int, place: int) -> None:
        day = slots.setdefault(offer.wish.day, {})
        day[place] = day.get(place, -self.slots.get(place, 0)) + offer.wish.load(s).boxes
        for j, piece in enumerate(offer.wish.pieces):
            if s >> j & 1 and place in self.stock.get(piece.sku, {}):
                row = units.setdefault(piece.sku, {})
                row[place] = row.get(place, -self.stock[piece.sku][place]) + piece.quantity

    def _move(self, slope: tuple[Rows, Rows], size: float) -> None:
        moved = [
            {
                key: _moved(prices.get(key, {}), rows.get(key, {}), size)
                for key in {**prices, **rows}
            }
            for prices, rows in zip(self.duals, slope, strict=True)
        ]
        self.duals = Duals(*moved)
        self.steps += 1
        for total, rows in zip(self.sums, moved, strict=True):
            for key, row in rows.items():
                total[key].update(row)


def _moved(prices: dict[int, int], slope: dict[int, int], size: float) -> dict[int, int]:
    after = {
        place: max(0, prices.get(place, 0) + round(size * slope.get(place, 0)))
        for place in {**prices, **slope}
    }
    return {place: price for place, price in after.items() if price}


def contested(offers: Sequence[Offers], market: Market) -> Rows:
    """Stock that these orders together could ask for more than once: by SKU, by place."""
    wanted: Counter[int] = Counter()
    for offer in offers:
        for piece in offer.wish.pieces:
            wanted[piece.sku] += piece.quantity
    most: dict[int, int] = defaultdict(int)
    rows: Rows = {}
    for offer in offers:
        for piece in offer.wish.pieces:
            most[piece.sku] = max(most[piece.sku], piece.quantity)
    for sku, total in wanted.items():
        there = market.units.get(sku, {})
        row = {place: n for place, n in there.items() if 0 < n < total}
        if sku != SLOTS and total > most[sku] and row:
            rows[sku] = row
    return rows
