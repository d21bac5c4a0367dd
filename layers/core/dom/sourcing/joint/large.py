"""Orders of more pieces than the subset DP divides: a few of them divided again and again.

All but a handful of bundles of pieces stay where they are; the DP decides exactly where that
handful goes: to a location of its own, along with what another one sends already, or nowhere.
Repeated over parcels, pairs and triples of parcels, and windows of pieces, until nothing gets
cheaper.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from dom.sourcing import bits
from dom.sourcing.joint.market import SLOTS, Market
from dom.sourcing.joint.prices import Prices, best_place
from dom.sourcing.joint.tariff import Ladder
from dom.sourcing.joint.wish import Parcel, Piece, Wish
from dom.sourcing.kernel import NEVER, divide

# Bundles divided at once, and how often all neighborhoods are gone through.
WIDTH = 8
ROUNDS = 5
# Neighborhoods tried per round: a count, so that the same input gives the same plan.
TRIALS = 400

Bundle = tuple[int, ...]


def divide_large(
    wish: Wish, market: Market, prices: Prices, able: Sequence[int]
) -> dict[int, Bundle]:
    """Numbers of pieces by location, for pieces of which each has one in `able`; some may be left
    over."""
    draft = _Draft(wish, market, prices, able)
    scarce = sorted(range(len(able)), key=lambda j: (able[j].bit_count(), j))
    for n in range(0, len(scarce), WIDTH):
        draft.settle([(j,) for j in scarce[n : n + WIDTH]])
    for _ in range(ROUNDS):
        before = draft.cost()
        for bundles in list(_neighborhoods(draft))[:TRIALS]:
            draft.settle(bundles)
        if draft.cost() >= before:
            break
    return dict(sorted(draft.sends.items()))


def _neighborhoods(draft: _Draft) -> Iterator[list[Bundle]]:
    parcels = [tuple(held) for _, held in sorted(draft.sends.items())]
    left: list[Bundle] = [(j,) for j in sorted(draft.left)]
    for n in (1, 2, 3):
        for chosen in combinations(parcels, n):
            yield _bundles(chosen, left)
    singles = sorted(range(len(draft.able)), key=lambda j: (draft.able[j], j))
    for n in range(0, len(singles), WIDTH // 2):
        yield [(j,) for j in singles[n : n + WIDTH]]


def _bundles(parcels: Sequence[Bundle], left: list[Bundle]) -> list[Bundle]:
    """At most WIDTH: small parcels piece by piece, the rest of large ones as one."""
    room = WIDTH - len(parcels)
    bundles: list[Bundle] = []
    for parcel in sorted(parcels, key=len):
        single = min(room, len(parcel) - 1)
        room -= single
        bundles += [(j,) for j in parcel[:single]] + [parcel[single:]]
    return bundles + left[:room]


class _Draft:
    """What each place sends so far: numbers of pieces."""

    def __init__(self, wish: Wish, market: Market, prices: Prices, able: Sequence[int]) -> None:
        self.wish, self.market, self.prices, self.able = wish, market, prices, able
        self.priced = prices.priced(wish)
        self.sends: dict[int, Bundle] = {}
        self.left = set(range(len(able)))
        shares: dict[int, int] = {}
        for piece in wish.pieces:
            shares[piece.line] = shares.get(piece.line, 0) + 1
        self.lost = [piece.lost // shares[piece.line] for piece in wish.pieces]

    def pieces(self, numbers: Bundle) -> tuple[Piece, ...]:
        return tuple(self.wish.pieces[j] for j in numbers)

    def parcel(self, place: int) -> Parcel:
        pieces = self.pieces(self.sends[place])
        return Parcel(place, self._ladder(pieces).boxes, pieces)

    def cost(self) -> int:
        """With prices of what is used up."""
        sent = (self._price(place, held) for place, held in self.sends.items())
        return sum(sent) + sum(self.lost[j] for j in self.left)

    def settle(self, bundles: list[Bundle]) -> None:
        """Decide anew where these go, all else staying; as before if that is no cheaper."""
        before, left, cost = dict(self.sends), set(self.left), self.cost()
        gone = {j for bundle in bundles for j in bundle}
        for place, held in before.items():
            self._put(place, tuple(j for j in held if j not in gone))
        self.left |= gone
        options = self._options(bundles)
        lost = [sum(self.lost[j] for j in bundle) for bundle in bundles]
        for s in divide([price for price, _ in options], lost)[1]:
            joined = _union(bundles, s)
            place = options[s][1]
            self._put(place, (*self.sends.get(place, ()), *joined))
            self.left -= set(joined)
        if self.cost() >= cost or not all(map(self._fits, self.sends)):
            self.sends, self.left = before, left

    def _put(self, place: int, held: Bundle) -> None:
        if held:
            self.sends[place] = tuple(sorted(held))
        else:
            self.sends.pop(place, None)

    def _options(self, bundles: list[Bundle]) -> list[tuple[int, int]]:
        """By set of bundles: the least price and the place, alone or with what is sent already."""
        sets = [-1]
        for bundle in bundles:
            there = -1
            for j in bundle:
                there &= self.able[j]
            sets += [there & places for places in sets]
        busy = bits.of(self.sends, max(self.sends, default=0) + 1)
        base = {place: self._price(place, held) for place, held in self.sends.items()}
        options = [(NEVER, -1)]
        for s in range(1, len(sets)):
            options.append(self._option(_union(bundles, s), sets[s], busy, base))
        return options

    def _option(
        self, joined: Bundle, places: int, busy: int, base: dict[int, int]
    ) -> tuple[int, int]:
        if not places:
            return NEVER, -1
        pieces = self.pieces(joined)
        ladder = self._ladder(pieces)
        able = places & ~busy & self._enough(pieces, ladder.boxes)
        best = best_place(ladder, self.wish.groups, able, pieces, self.prices, self.priced)
        for place in bits.members(places & busy):
            price = self._price(place, (*self.sends[place], *joined)) - base[place]
            if price < best[0]:
                best = price, place
        return best

    def _enough(self, pieces: Sequence[Piece], boxes: int) -> int:
        """Places with the slots for so many boxes, and the units if pieces share a SKU."""
        places = self.market.at_least(SLOTS, boxes) if boxes > 1 else -1
        if not self.wish.distinct:
            for sku, units in _units(pieces).items():
                places &= self.market.at_least(sku, units)
        return places

    def _fits(self, place: int) -> bool:
        parcel = self.parcel(place)
        return self._enough(parcel.pieces, parcel.boxes) >> place & 1 == 1

    def _price(self, place: int, held: Bundle) -> int:
        pieces = self.pieces(held)
        ladder = self._ladder(pieces)
        return best_place(ladder, self.wish.groups, 1 << place, pieces, self.prices, self.priced)[0]

    def _ladder(self, pieces: Sequence[Piece]) -> Ladder:
        weight, units = sum(p.weight for p in pieces), sum(p.quantity for p in pieces)
        return self.wish.tariff.ladder(weight, units)


def _union(bundles: list[Bundle], s: int) -> Bundle:
    return tuple(j for n, bundle in enumerate(bundles) if s >> n & 1 for j in bundle)


def _units(pieces: Sequence[Piece]) -> dict[int, int]:
    units: dict[int, int] = {}
    for piece in pieces:
        units[piece.sku] = units.get(piece.sku, 0) + piece.quantity
    return units


def floor(wish: Wish, market: Market) -> int:
    """No plan costs less, however it splits lines: the fewest parcels that the best coverage
    allows, one for the dearest line and the others for the cheapest, and labor for every unit."""
    lost = min(piece.lost for piece in wish.pieces)
    alone = [_alone(wish, piece, market) for piece in wish.pieces]
    able = [places for _, places in alone]
    most, _ = bits.most(bits.tally(able), _any(able))
    if not most:
        return lost
    parcels = -(-len({piece.line for piece in wish.pieces}) // most)
    prices = [price for price, _ in alone]
    units = sum(piece.quantity for piece in wish.pieces)
    labor = min(wish.tariff.unit) * max(0, units - parcels)
    return min(lost, max(prices) + (parcels - 1) * min(prices) + labor)


def _alone(wish: Wish, piece: Piece, market: Market) -> tuple[int, int]:
    """The least price of one unit of a piece, and who has one."""
    usable = (market.at_least(SLOTS, 1) | wish.also) & wish.allowed & ~piece.barred
    places = market.at_least(piece.sku, 1) & usable
    ladder = wish.tariff.ladder(piece.weight // piece.quantity, 1)
    return min(piece.lost, best_place(ladder, wish.groups, places)[0]), places


def _any(sets: Sequence[int]) -> int:
    found = 0
    for places in sets:
        found |= places
    return found
