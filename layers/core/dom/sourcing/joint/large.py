"""Orders of more pieces than the subset DP divides: a few of them divided again and again.

All but a handful of bundles of pieces stay where they are; the DP decides exactly where that
handful goes: to a location of its own, along with what another one sends already, or nowhere.
Repeated over parcels, pairs and triples of parcels, and windows of pieces, until nothing gets
cheaper.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, islice, starmap

from dom.sourcing import bits
from dom.sourcing.joint.market import SLOTS, Market
from dom.sourcing.joint.prices import Prices, best_place
from dom.sourcing.joint.wish import Parcel, Piece, Wish
from dom.sourcing.kernel import NEVER, divide

# Bundles divided at once.
WIDTH = 8
# Neighborhoods tried, shared out over the pieces (what one costs grows with them): a count, so that
# the same input gives the same plan.
TRIALS = 2000
# Starts that are improved, of one for each group of locations and one piece by piece.
IMPROVED = 4

Bundle = tuple[int, ...]


def divide_large(
    wish: Wish, market: Market, prices: Prices, able: Sequence[int]
) -> dict[int, Bundle]:
    """Numbers of pieces by location, for pieces of which each has one in `able`; some may be left
    over."""
    starts = [_Draft(wish, market, prices, able)]
    scarce = sorted(range(len(able)), key=lambda j: (able[j].bit_count(), j))
    for n in range(0, len(scarce), WIDTH):
        starts[0].settle([(j,) for j in scarce[n : n + WIDTH]])
    for g, places in enumerate(wish.groups):
        if places:
            starts.append(_Draft(wish, market, prices, able))
            starts[-1].fill(g)
    starts.sort(key=lambda draft: draft.cost)
    for draft in starts[:IMPROVED]:
        _improve(draft, WIDTH + TRIALS // len(able))
    return dict(sorted(min(starts, key=lambda draft: draft.cost).sends.items()))


def _improve(draft: _Draft, trials: int) -> None:
    while trials > 0:
        before = draft.cost
        for bundles in islice(list(_neighborhoods(draft)), trials):
            draft.settle(bundles)
            trials -= 1
        if draft.cost >= before:
            break


def _neighborhoods(draft: _Draft) -> Iterator[list[Bundle]]:
    parcels = [held for _, held in sorted(draft.sends.items())]
    left: list[Bundle] = [(j,) for j in sorted(draft.left)]
    for n in (1, 2):
        for chosen in combinations(parcels, n):
            yield _bundles(chosen, left)
    singles = sorted(range(len(draft.able)), key=lambda j: (draft.able[j], j))
    for n in range(0, len(singles), WIDTH // 2):
        yield [(j,) for j in singles[n : n + WIDTH]]
    for chosen in combinations(parcels, 3):
        yield _bundles(chosen, left)


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
    """What each place sends so far: numbers of pieces; and what that costs, with the prices of
    what is used up."""

    def __init__(self, wish: Wish, market: Market, prices: Prices, able: Sequence[int]) -> None:
        self.wish, self.market, self.prices, self.able = wish, market, prices, able
        self.priced = prices.priced(wish)
        self.sends: dict[int, Bundle] = {}
        self.left = set(range(len(able)))
        shares = Counter(piece.line for piece in wish.pieces)
        self.lost = [piece.lost // shares[piece.line] for piece in wish.pieces]
        self.cost = sum(self.lost)
        self._groups: dict[int, int] = {}
        self._tried: dict[tuple[Bundle, ...], int] = {}
        self._changes = 0

    def fill(self, first: int) -> None:
        """Again and again the location that is cheapest by the line, the first one of a group."""
        while self.left:
            among = [first] if not self.sends else range(len(self.wish.groups))
            offers = [offer for g in among if (offer := self._most(g))]
            if not offers:
                return
            _, place, held, price = min(offers)
            self.sends[place] = held
            self.left -= set(held)
            self.cost += price - sum(self.lost[j] for j in held)

    def _most(self, g: int) -> tuple[float, int, Bundle, int] | None:
        """A location of the group that has most of what is left, by its price per piece."""
        there = bits.tally(self.able[j] for j in sorted(self.left))
        free = self.wish.groups[g] & ~sum(1 << place for place in self.sends)
        count, places = bits.most(there, free)
        if not count:
            return None
        place = (places & -places).bit_length() - 1
        held = tuple(j for j in sorted(self.left) if self.able[j] >> place & 1)
        if not self._fits(place, held):
            return None
        price = self._price(place, held)
        return price / count, place, held, price

    def settle(self, bundles: list[Bundle]) -> None:
        """Decide anew where these go, all else staying; as before if that is no cheaper."""
        key = tuple(bundles)
        if self._tried.get(key) == self._changes:
            return
        before, left = dict(self.sends), set(self.left)
        self._take_out(bundles)
        self._put_back(bundles)
        cost = sum(self._price(place, held) for place, held in self.sends.items())
        cost += sum(self.lost[j] for j in self.left)
        if cost < self.cost and all(starmap(self._fits, self.sends.items())):
            self.cost = cost
            self._changes += 1
        else:
            self.sends, self.left = before, left
        self._tried[key] = self._changes

    def _take_out(self, bundles: list[Bundle]) -> None:
        gone = {j for bundle in bundles for j in bundle}
        self.left |= gone
        for place, held in list(self.sends.items()):
            kept = tuple(j for j in held if j not in gone)
            if kept:
                self.sends[place] = kept
            else:
                del self.sends[place]

    def _put_back(self, bundles: list[Bundle]) -> None:
        options = self._options(bundles)
        lost = [sum(self.lost[j] for j in bundle) for bundle in bundles]
        for s in divide([price for price, _ in options], lost)[1]:
            joined, place = _union(bundles, s), options[s][1]
            self.sends[place] = tuple(sorted((*self.sends.get(place, ()), *joined)))
            self.left -= set(joined)

    def _options(self, bundles: list[Bundle]) -> list[tuple[int, int]]:
        """By set of bundles: the least price and the place, alone or with what is sent already."""
        sets, loads = [-1], [(0, 0)]
        for bundle in bundles:
            there, (weight, units) = -1, self._load(bundle)
            for j in bundle:
                there &= self.able[j]
            sets += [there & places for places in sets]
            loads += [(w + weight, n + units) for w, n in loads]
        base = [(place, *self._load(held)) for place, held in self.sends.items()]
        busy = sum(1 << place for place, _, _ in base)
        options = [(NEVER, -1)]
        for s in range(1, len(sets)):
            best = self._alone(bundles, s, loads[s], sets[s] & ~busy)
            if sets[s] & busy:
                along = (
                    self._along(bundles, s, loads[s], row) for row in base if sets[s] >> row[0] & 1
                )
                best = min(best, *along)
            options.append(best)
        return options

    def _alone(
        self, bundles: list[Bundle], s: int, load: tuple[int, int], places: int
    ) -> tuple[int, int]:
        ladder = self.wish.tariff.ladder(*load)
        plain = self.wish.distinct and ladder.boxes == 1 and not self.wish.effort
        if plain and not places & self.priced:
            return best_place(ladder, self.wish.groups, places)
        pieces = self._pieces(_union(bundles, s))
        able = places & self._enough(pieces, ladder.boxes) if places else 0
        return best_place(ladder, self.wish.groups, able, pieces, self.prices, self.priced)

    def _along(
        self, bundles: list[Bundle], s: int, load: tuple[int, int], row: tuple[int, int, int]
    ) -> tuple[int, int]:
        """What it costs more to send it along with what a place sends already."""
        place, weight, units = row
        before = self.wish.tariff.ladder(weight, units)
        after = self.wish.tariff.ladder(weight + load[0], units + load[1])
        group = self._group(place)
        more = after.prices[group] - before.prices[group]
        if self.priced >> place & 1:
            pieces = self._pieces(_union(bundles, s))
            more += self.prices.of(Parcel(place, after.boxes - before.boxes, pieces))
        return more, place

    def _enough(self, pieces: Sequence[Piece], boxes: int) -> int:
        """Places with the slots for so many boxes, and the units if pieces share a SKU."""
        places = self.market.at_least(SLOTS, boxes) if boxes > 1 else -1
        places &= ~self.market.too_much(self.wish, pieces)
        if not self.wish.distinct:
            units: Counter[int] = Counter()
            for piece in pieces:
                units[piece.sku] += piece.quantity
            for sku, wanted in units.items():
                places &= self.market.at_least(sku, wanted)
        return places

    def _fits(self, place: int, held: Bundle) -> bool:
        ladder = self.wish.tariff.ladder(*self._load(held))
        return self._enough(self._pieces(held), ladder.boxes) >> place & 1 == 1

    def _price(self, place: int, held: Bundle) -> int:
        ladder = self.wish.tariff.ladder(*self._load(held))
        price = ladder.prices[self._group(place)]
        if self.priced >> place & 1:
            price += self.prices.of(Parcel(place, ladder.boxes, self._pieces(held)))
        return price

    def _group(self, place: int) -> int:
        if place not in self._groups:
            found = (g for g, places in enumerate(self.wish.groups) if places >> place & 1)
            self._groups[place] = next(found)
        return self._groups[place]

    def _pieces(self, numbers: Bundle) -> tuple[Piece, ...]:
        return tuple(self.wish.pieces[j] for j in numbers)

    def _load(self, held: Bundle) -> tuple[int, int]:
        pieces = self._pieces(held)
        return sum(p.weight for p in pieces), sum(p.quantity for p in pieces)


def _union(bundles: list[Bundle], s: int) -> Bundle:
    return tuple(j for n, bundle in enumerate(bundles) if s >> n & 1 for j in bundle)


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
