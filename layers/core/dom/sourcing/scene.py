"""One demand set in its world: what is allowed, what is in stock, what a parcel would cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from dom.model.ids import Sku
from dom.sourcing.fences import LINE_FENCES, LOCATION_FENCES
from dom.sourcing.objectives import OBJECTIVES
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.pricing import Group, Parcel
from dom.sourcing.problem import Demand, Supply
from dom.sourcing.score import IMPOSSIBLE, MONEY_SHIFT, score

# Units by line number, by location number: what a solver proposes.
Contents = Mapping[int, Mapping[int, int]]

NO_OFFER = (IMPOSSIBLE, -1)


class Scene:
    """Everything the solvers ask of one demand. Lines are numbered in the order of their ids."""

    def __init__(self, demand: Demand, supply: Supply, book: PriceBook) -> None:
        self.demand = demand
        self.supply = supply
        self.network = book.network
        self.rules = book.rules
        self.now = book.now
        self.lifted = book.lifted
        self.view = self.network.view(demand.destination)
        self.groups = book.groups(demand.method, demand.destination.country_code)
        self.lines = tuple(
            sorted(
                (line for line in demand.lines if line.quantity > 0), key=lambda line: line.line_id
            )
        )

    @cached_property
    def fenced(self) -> dict[str, int]:
        """Locations that are out for the whole demand, by reason."""
        return {
            reason: blocked(self) & ~self.lifted.get(reason, 0)
            for reason, blocked in LOCATION_FENCES.items()
        }

    def fenced_line(self, number: int) -> dict[str, int]:
        """Locations that are out for one line, by reason."""
        line = self.lines[number]
        return {
            reason: blocked(self, line) & ~self.lifted.get(reason, 0)
            for reason, blocked in LINE_FENCES.items()
        }

    @cached_property
    def allowed(self) -> int:
        """Locations that no fence of the demand keeps out."""
        out = 0
        for blocked in self.fenced.values():
            out |= blocked
        return self.network.everywhere & ~out

    @cached_property
    def allowed_for(self) -> tuple[int, ...]:
        """By line: locations that no fence keeps out."""
        return tuple(self.allowed & ~self._out(number) for number in range(len(self.lines)))

    @cached_property
    def everybody_able(self) -> int:
        """Locations that can send the whole demand in one parcel."""
        units: dict[Sku, int] = {}
        for line in self.lines:
            units[line.sku] = units.get(line.sku, 0) + line.quantity
        places = self.allowed
        for allowed in self.allowed_for:
            places &= allowed
        for sku, quantity in units.items():
            places &= self.supply.at_least(self.network, sku, quantity)
        return places

    def able(self, number: int, quantity: int) -> int:
        """Locations that may and can give that many units of the line."""
        sku = self.lines[number].sku
        return self.allowed_for[number] & self.supply.at_least(self.network, sku, quantity)

    def units_at(self, number: int, place: int) -> int:
        """Units of the line's SKU at a location, were it the only line to ask for it."""
        if not self.allowed_for[number] >> place & 1:
            return 0
        location = self.network.locations[place]
        return self.supply.units(self.lines[number].sku, location.location_id)

    def cheapest(self, among: int, grams: int, units: int) -> tuple[int, int]:
        """(score, location number) of the best parcel from a set; NO_OFFER if it is empty.

        Exact: within a group the price never falls with distance, so its nearest is its best.
        """
        best = NO_OFFER
        for group in self.groups:
            members = among & group.members
            if members:
                place = self.view.nearest(members)
                best = min(best, (self._score(place, group, grams, units), place))
        return best

    def score_at(self, place: int, grams: int, units: int) -> int:
        """Score of a parcel from that location."""
        return self._score(place, self.group_of(place), grams, units)

    def group_of(self, place: int) -> Group:
        """The price group of a location."""
        return next(group for group in self.groups if group.members >> place & 1)

    def parcel(self, place: int, group: Group, grams: int, units: int) -> Parcel:
        """What the objectives price."""
        metres, card = self.view.metres(place), self.rules.rate_card
        zone = card.last_zone if group.cross_border else card.zone(metres)
        method = self.demand.method
        days = group.days[zone]
        return Parcel(metres, zone, grams, units, days, group.handling, group.cross_border, method)

    def contents_score(self, place: int, contents: Mapping[int, int]) -> int:
        """Score of a parcel with units by line number."""
        return self.score_at(place, *self.load(contents.items()))

    def load(self, contents: Iterable[tuple[int, int]]) -> tuple[int, int]:
        """Grams and units of (line number, units) pairs."""
        grams = units = 0
        for number, quantity in contents:
            grams += self.lines[number].grams * quantity
            units += quantity
        return grams, units

    def left_over(self, contents: Contents) -> int:
        """Units that a proposal leaves unallocated."""
        placed = sum(sum(parcel.values()) for parcel in contents.values())
        return sum(line.quantity for line in self.lines) - placed

    def total(self, contents: Contents) -> int:
        """Score of a whole proposal, penalties for parcels and leftovers included."""
        parcels = sum(self.contents_score(place, parcel) for place, parcel in contents.items())
        return parcels + self.loss(self.left_over(contents))

    @property
    def parcel_penalty(self) -> int:
        """Score that every parcel has at least."""
        return self.rules.weights.parcel << MONEY_SHIFT

    def loss(self, units: int) -> int:
        """Score of leaving that many units unallocated."""
        return units * self.rules.weights.unallocated << MONEY_SHIFT

    def _score(self, place: int, group: Group, grams: int, units: int) -> int:
        parcel, rules = self.parcel(place, group, grams, units), self.rules
        money = rules.weights.parcel
        for price in OBJECTIVES.values():
            money += price(parcel, rules)
        return score(money, parcel.metres, place)

    def _out(self, number: int) -> int:
        out = 0
        for blocked in self.fenced_line(number).values():
            out |= blocked
        return out
