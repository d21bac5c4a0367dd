"""Baselines that take one line or one location at a time, as rules engines do.

Each is what its name says and no more: ties and gaps in the descriptions of other products are
filled in their favor (capacity is respected, what one place lacks is split over several).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from dom.sourcing import bits
from dom.sourcing.joint.market import SLOTS, Market
from dom.sourcing.joint.single import as_plan
from dom.sourcing.joint.wish import Parcel, Piece, Plan, Wish

from tools.routing_bench.world import World

Preference = Callable[[Wish], Sequence[int]]


@dataclass
class Basket:
    """One order being filled: what each location sends so far, what is still open."""

    wish: Wish
    market: Market
    sends: dict[int, list[Piece]] = field(default_factory=dict)
    open: list[Piece] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.open = list(self.wish.pieces)

    def room(self, place: int, piece: Piece) -> int:
        """Units of the piece's SKU the place can still send to this order."""
        taken = sum(p.quantity for p in self.sends.get(place, ()) if p.sku == piece.sku)
        return self.market.units[piece.sku].get(place, 0) - taken

    def fits(self, place: int, pieces: Iterable[Piece]) -> bool:
        """Whether the place has the slots for these as well."""
        weight = sum(p.weight for p in (*self.sends.get(place, ()), *pieces))
        return self.market.units[SLOTS].get(place, 0) >= self.wish.tariff.ladder(weight, 1).boxes

    def can(self, place: int, piece: Piece) -> bool:
        """Whether the place can send the piece too."""
        return self.room(place, piece) >= piece.quantity and self.fits(place, [piece])

    def add(self, place: int, piece: Piece) -> None:
        """Let the place send it."""
        self.sends.setdefault(place, []).append(piece)
        self.open.remove(piece)

    def add_split(self, places: Iterable[int], piece: Piece) -> None:
        """Let one place after the other send what it has; nothing if that is not all."""
        parts, left = [], piece.quantity
        for place in places:
            part = min(left, self.room(place, piece))
            if part > 0 and self.fits(place, [piece]):
                parts.append((place, _part(piece, part)))
                left -= part
        if not left:
            self.open.remove(piece)
            for place, share in parts:
                self.sends.setdefault(place, []).append(share)

    def plan(self) -> Plan:
        """What came of it."""
        parcels = (Parcel(place, 1, tuple(pieces)) for place, pieces in self.sends.items())
        return as_plan(self.wish, tuple(parcels))


def _part(piece: Piece, units: int) -> Piece:
    return piece._replace(quantity=units, weight=piece.weight * units // piece.quantity)


def line_by_line(preference: Preference) -> Callable[[Wish, Market], Plan]:
    """Each line from the first location of a list that has it whole."""

    def policy(wish: Wish, market: Market) -> Plan:
        basket, places = Basket(wish, market), preference(wish)
        for piece in wish.pieces:
            place = next((place for place in places if basket.can(place, piece)), None)
            if place is None:
                basket.add_split(places, piece)
            else:
                basket.add(place, piece)
        return basket.plan()

    return policy


def most_lines(preference: Preference) -> Callable[[Wish, Market], Plan]:
    """Again and again the location that can send most of the open lines, ties by the list."""

    def policy(wish: Wish, market: Market) -> Plan:
        basket, places = Basket(wish, market), preference(wish)
        while basket.open and _take_most(basket, places):
            pass
        for piece in list(basket.open):
            basket.add_split(places, piece)
        return basket.plan()

    return policy


def _take_most(basket: Basket, places: Iterable[int]) -> bool:
    """False if no location can send any open line."""
    holders = 0
    for piece in basket.open:
        holders |= basket.market.at_least(piece.sku, piece.quantity)
    counts = [
        (-sum(basket.can(place, piece) for piece in basket.open), n, place)
        for n, place in enumerate(places)
        if holders >> place & 1
    ]
    best = min(counts, default=(0, 0, 0))
    for piece in list(basket.open):
        if best[0] and basket.can(best[2], piece):
            basket.add(best[2], piece)
    return best[0] < 0


def cascade(passes: Sequence[tuple[Preference, bool]]) -> Callable[[Wish, Market], Plan]:
    """Rule after rule: `whole` takes the first location that has the entire order, else line by
    line; the first rule that sends everything ends it, the last one sends what it can."""

    def policy(wish: Wish, market: Market) -> Plan:
        plan = Plan(wish.lost, ())
        for preference, whole in passes:
            plan = (_entire if whole else line_by_line)(preference)(wish, market)
            if {p.line for parcel in plan.parcels for p in parcel.pieces} == {
                p.line for p in wish.pieces
            }:
                return plan
        return plan

    return policy


def _entire(preference: Preference) -> Callable[[Wish, Market], Plan]:
    def policy(wish: Wish, market: Market) -> Plan:
        able = market.at_least(SLOTS, 1)
        for piece in wish.pieces:
            able &= market.at_least(piece.sku, piece.quantity)
        places = (place for place in preference(wish) if able >> place & 1)
        for place in places if able else ():
            basket = Basket(wish, market)
            if all(_added(basket, place, piece) for piece in wish.pieces):
                return basket.plan()
        return Plan(wish.lost, ())

    return policy


def _added(basket: Basket, place: int, piece: Piece) -> bool:
    able = basket.can(place, piece)
    if able:
        basket.add(place, piece)
    return able


class Lists:
    """Orders of preference over an instance's locations."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.all = range(len(world.instance.cap))
        self.centers = [i for i in self.all if world.instance.isfc[i]]
        self.stores = [i for i in self.all if not world.instance.isfc[i]]

    def ranked(self, wish: Wish) -> Sequence[int]:
        """Centers in their order, then stores."""
        return [*self.centers, *self.stores]

    def nearest(self, wish: Wish) -> Sequence[int]:
        """By distance to the destination."""
        distance = self.world.instance.dist[wish.number]
        return [int(i) for i in distance.argsort(kind="stable")]

    def legacy(self, wish: Wish) -> Sequence[int]:
        """The first center alone."""
        return self.centers[:1]

    def near_centers(self, wish: Wish) -> Sequence[int]:
        """Centers by distance."""
        return [i for i in self.nearest(wish) if self.world.instance.isfc[i]]

    def near_stores(self, wish: Wish, miles: float = 300) -> Sequence[int]:
        """Stores by distance, within a radius."""
        distance = self.world.instance.dist[wish.number]
        return [i for i in self.nearest(wish) if i in self.stores and distance[i] <= miles]

    def scored(self, wish: Wish) -> Sequence[int]:
        """By a weighted sum of distance, lines it can fill and free capacity."""
        inst = self.world.instance
        distance = inst.dist[wish.number] / max(1.0, float(inst.dist[wish.number].max()))
        able = [
            sum(int(inst.inv[i, p.sku]) >= p.quantity for p in wish.pieces) / len(wish.pieces)
            for i in self.all
        ]
        score = [0.5 * able[i] - 0.4 * float(distance[i]) for i in self.all]
        return sorted(self.all, key=lambda i: (-score[i], i))


def nearest_of(world: World, wish: Wish, places: int) -> int:
    """The nearest of some locations."""
    distance = world.instance.dist[wish.number]
    return min(bits.members(places), key=lambda place: (float(distance[place]), place))
