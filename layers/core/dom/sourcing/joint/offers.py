"""What an order can choose from, set by set, so that it can be priced again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

from dom.sourcing import bits
from dom.sourcing.joint.large import divide_large, floor
from dom.sourcing.joint.market import Market
from dom.sourcing.joint.prices import FREE, Prices, added
from dom.sourcing.joint.single import fillable
from dom.sourcing.joint.units import MOST_PIECES, able_places, sendable
from dom.sourcing.joint.wish import Wish
from dom.sourcing.kernel import NEVER, divide, least

By = Mapping[int, int]


class Choice(NamedTuple):
    """The cheapest division at some prices: its value, and (set, place) for each parcel."""

    value: int
    parcels: tuple[tuple[int, int], ...]


class Offers:
    """One wish against the stock and capacity at the start of a batch, all other orders aside.

    Locations are listed by list price, as far as any pricing so far had to look.
    """

    def __init__(self, wish: Wish, market: Market, worth: Prices = FREE) -> None:
        self.wish, self.gone = sendable(wish, market, able_places(wish, market))
        pieces, self._worth = self.wish.pieces, worth
        able = able_places(self.wish, market)
        self._only = _large(self.wish, market, worth, able) if len(pieces) > MOST_PIECES else None
        self.sets = [] if self._only else fillable(self.wish, market, able)
        self.rows: list[list[tuple[int, int]]] = [[] for _ in self.sets]
        self._next = [0] * len(self.sets)
        # A line in units is lost once, so each of them stands for its share at most.
        shares = Counter(piece.line for piece in pieces)
        self.lost = [piece.lost // shares[piece.line] for piece in pieces]

        self._floors = {
            j: _twice_one_unit(self.wish, j, market)
            for j, piece in enumerate(pieces)
            if piece.quantity > 1 and not self._only
        }

    def choose(self, slots: By, units: Mapping[int, By]) -> Choice:
        """The cheapest division when slots and units cost extra: a relaxation of the real one,
        for others' use of stock and capacity is only felt as a price."""
        if self._only:
            return self._only._replace(value=self._only.value + self.gone)
        prices, places = self._best(slots, units)
        value, sets = divide(prices, self.lost)
        return Choice(value + self.gone, tuple((s, places[s]) for s in sets))

    @property
    def exact(self) -> bool:
        """Whether all divisions are looked at."""
        return self._only is None

    def within(
        self, slots: By, units: Mapping[int, By], margin: int
    ) -> Iterator[tuple[int, int, int]]:
        """Set, place and cost (with its worth, without the prices) of each parcel that belongs to
        a division at most `margin` above the cheapest at these prices."""
        best = self._best(slots, units)[0]
        costs = least(best, self.lost)
        full = len(self.sets) - 1
        for s in range(1, len(self.sets)):
            most = costs[full] + margin - costs[full & ~s]
            for base, place in self._listed(s, most) if best[s] <= most else ():
                worth = self._dear(s, place, self._worth.slots, self._worth.units)
                if base + worth + self._dear(s, place, slots, units) <= most:
                    yield s, place, base + worth

    def _listed(self, s: int, most: int) -> Iterator[tuple[int, int]]:
        """List price and place, ascending, up to a price."""
        n, rows = 0, self.rows[s]
        while n < len(rows) or (self.sets[s] and self._look_further(s)):
            if rows[n][0] > most:
                break
            yield rows[n]
            n += 1

    def _dear(self, s: int, place: int, slots: By, units: Mapping[int, By]) -> int:
        """What the parcel uses up, at those prices."""
        used = (
            p.quantity * units[p.sku].get(place, 0) for p in self.wish.held(s) if p.sku in units
        )
        return self.wish.load(s).boxes * slots.get(place, 0) + sum(used)

    def at_least(self, slots: By, units: Mapping[int, By]) -> int:
        """A bound of the order's cost at those prices, also of plans that split lines in units.

        Without the units of its split lines such a plan still sends all others; those units cost
        their labor at least, and each split line two parcels.
        """
        if self._only:
            return self._only.value + self.gone
        costs = least(self._best(slots, units)[0], self.lost)
        full = len(self.sets) - 1
        labor = min(self.wish.tariff.unit)
        bound = costs[full]
        for split in _subsets(list(self._floors)):
            rest = full & ~sum(1 << j for j in split)
            handled = labor * sum(self.wish.pieces[j].quantity for j in split)
            bound = min(bound, max(costs[rest] + handled, *(self._floors[j] for j in split)))
        return bound + self.gone

    def _best(self, slots: By, units: Mapping[int, By]) -> tuple[list[int], list[int]]:
        """By set: the least price, and the place."""
        slots, units = self._with_worth(slots, units)
        priced = [(1 << j, p.quantity, p.sku) for j, p in enumerate(self.wish.pieces)]
        priced = [row for row in priced if units.get(row[2])]
        prices, places = [NEVER], [-1]
        for s in range(1, len(self.sets)):
            extra = [(quantity, units[sku]) for bit, quantity, sku in priced if s & bit]
            price, place = self._cheapest(s, slots, extra) if self.sets[s] else (NEVER, -1)
            prices.append(price)
            places.append(place)
        return prices, places

    def _with_worth(self, slots: By, units: Mapping[int, By]) -> tuple[By, Mapping[int, By]]:
        """Prices of the wish's own SKUs, and what slots and units are worth besides."""
        if not (self._worth.slots or self._worth.units):
            return slots, units
        skus = (piece.sku for piece in self.wish.pieces)
        rows = {
            sku: added(units.get(sku, {}), self._worth.units.get(sku, {}))
            for sku in skus
            if sku in units or sku in self._worth.units
        }
        return added(slots, self._worth.slots), rows

    def _cheapest(self, s: int, slots: By, extra: list[tuple[int, By]]) -> tuple[int, int]:
        rows, boxes = self.rows[s], self.wish.ladders[s].boxes
        best, where, n = NEVER, -1, 0
        while n < len(rows) or self._look_further(s):
            base, place = rows[n]
            if base >= best:
                break
            n += 1
            price = base + boxes * slots[place] if place in slots else base
            for quantity, there in extra:
                if place in there:
                    price += quantity * there[place]
            if price < best:
                best, where = price, place
        return best, where

    def _look_further(self, s: int) -> bool:
        """List the locations of the next dearer group; False if there is none left."""
        rungs, groups = self.wish.ladders[s].rungs, self.wish.groups
        while self._next[s] < len(rungs):
            price, g = rungs[self._next[s]]
            self._next[s] += 1
            hits = self.sets[s] & groups[g]
            if hits:
                self.rows[s] += [(price, place) for place in bits.members(hits)]
                return True
        return False


def _large(wish: Wish, market: Market, worth: Prices, able: list[int]) -> Choice:
    """What a large order gets when it is alone, whatever the prices; the value is a lower bound."""
    sends = divide_large(wish, market, worth, able)
    chosen = ((sum(1 << j for j in held), place) for place, held in sends.items())
    return Choice(floor(wish, market), tuple(chosen))


def _subsets(items: list[int]) -> Iterator[tuple[int, ...]]:
    """All but the empty one."""
    for size in range(1, len(items) + 1):
        yield from combinations(items, size)


def _twice_one_unit(wish: Wish, j: int, market: Market) -> int:
    """No two parcels with a unit each of piece j cost less."""
    piece = wish.pieces[j]
    places = able_places(replace(wish, pieces=(piece._replace(quantity=1),), _loads={}), market)[0]
    prices: list[int] = []
    for price, g in wish.tariff.ladder(piece.weight // piece.quantity, 1).rungs:
        prices += [price] * min(2, (places & wish.groups[g]).bit_count())
    return sum(prices[:2]) if len(prices) > 1 else NEVER
