"""One demand set in its world: what is allowed, what is in stock, what a parcel would cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import cached_property, partial
from typing import NamedTuple

from dom.model.ids import Sku
from dom.model.rules import Pass
from dom.sourcing import objectives
from dom.sourcing.effort import NO_LIMIT, Effort
from dom.sourcing.fences import LINE_FENCES, LOCATION_FENCES, NO_EFFORT
from dom.sourcing.local import priced_apart
from dom.sourcing.plan import EFFORT
from dom.sourcing.pricebook import PriceBook, destination_of
from dom.sourcing.pricing import Group, Items, Parcel
from dom.sourcing.problem import Demand, DemandLine, Supply
from dom.sourcing.score import IMPOSSIBLE, MONEY_SHIFT, score

# Units by line number, by location number: what a solver proposes.
Contents = Mapping[int, Mapping[int, int]]

NO_OFFER = (IMPOSSIBLE, -1)
# By load (weight, units, volume, goods): the locations that were asked, and the best of them.
Offers = dict[tuple[int, int, int, Items], tuple[int, tuple[int, int]]]
ANY = Pass("")


class Load(NamedTuple):
    """What a parcel holds: weight, units, volume (cm3), and units by line number."""

    grams: int = 0
    units: int = 0
    bulk: int = 0
    items: Items = ()


class Scene:
    """Everything the solvers ask of one demand. Lines are numbered in the order of their ids.

    `attempt`: the pass of the rule set that is tried. `offers`: the best that was found so far for
    a load, and among whom; scenes may share it whose demands differ in fences only, as long as
    nothing is taken from the supply.
    """

    def __init__(
        self,
        demand: Demand,
        supply: Supply,
        book: PriceBook,
        attempt: Pass = ANY,
        offers: Offers | None = None,
    ) -> None:
        self.demand = demand
        self.supply = supply
        self.book = book
        self.network = book.network
        self.now = book.now
        self.lifted = book.lifted
        self.attempt = attempt
        self.holding = book.holding(demand)
        self.ruling = book.ruling(self.holding)
        self.rules = self.ruling.rules
        self.way = book.journey(demand)
        store = self.way.store
        self.view = self.network.view(destination_of(store) if store else demand.destination)
        self.lines = tuple(
            sorted(
                (line for line in demand.lines if line.quantity > 0), key=lambda line: line.line_id
            )
        )
        late, by = attempt.days_late, demand.promised_by
        self.latest = None if late is None or by is None else by + timedelta(days=late)
        self.least = book.prices(self.holding, self.way)
        self._parcel = self.rules.weights.parcel
        self._local = objectives.that_count(self.rules.weights)
        self._ways: dict[int, tuple[int | None, int]] = {}
        self._offers = {} if offers is None else offers

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Locations for which a parcel's price depends on the distance only."""
        return priced_apart(self.least.groups, self)

    @cached_property
    def by_goods(self) -> bool:
        """Whether prices depend on which goods a parcel holds, not only on how much."""
        return any(group.local.goods for group in self.groups)

    @cached_property
    def max_shipments(self) -> int | None:
        """Shipments that the fences and the pass allow; None: any number."""
        splits = (self.rules.fences.max_splits, self.attempt.max_splits)
        return min((some + 1 for some in splits if some is not None), default=None)

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

    def out_for(
        self, line: DemandLine, before: Callable[[Scene, DemandLine], int] | None = None
    ) -> int:
        """Locations that fences keep out for a line alone; only those asked `before` another."""
        out = 0
        for reason, blocked in LINE_FENCES.items():
            if blocked is before:
                break
            kept_out = blocked(self, line)
            if kept_out:
                out |= kept_out & ~self.lifted.get(reason, 0)
        return out

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
        return tuple(self.allowed & ~self.out_for(line) for line in self.lines)

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
        return places & ~self.too_much((n, line.quantity) for n, line in enumerate(self.lines))

    @cached_property
    def effort(self) -> Effort | None:
        """What the goods take of locations whose effort is bounded; None where there are none."""
        counts = self.supply.counts_effort(self.network) & ~self.lifted.get(NO_EFFORT, 0)
        if not counts:
            return None
        rates = self.network.effort_rates(self.demand.method)
        bounded = [(rate, members & counts) for rate, members in rates if members & counts]
        known = (self.supply.products.get(line.sku) for line in self.lines)
        return Effort(bounded, [product.effort if product else 0 for product in known])

    def too_much(self, items: Iterable[tuple[int, int]]) -> int:
        """Locations that have not the effort left for a parcel with these units by line number."""
        if self.effort is None:
            return 0
        return self.effort.short(items, partial(self.supply.at_least, self.network, EFFORT))

    def effort_room(self, number: int, place: int, held: Mapping[int, int]) -> int:
        """Units of the line for which a location has the effort, beside what it sends already."""
        left = self.supply.effort_left.get(self.network.locations[place].location_id)
        if self.effort is None or left is None:
            return NO_LIMIT
        return self.effort.room(number, place, held, left)

    def able(self, number: int, quantity: int) -> int:
        """Locations that may and can give that many units of the line."""
        sku = self.lines[number].sku
        able = self.allowed_for[number] & self.supply.at_least(self.network, sku, quantity)
        return able & ~self.too_much([(number, quantity)]) if self.effort else able

    def units_at(self, number: int, place: int) -> int:
        """Units of the line's SKU at a location, were it the only line to ask for it."""
        if not self.allowed_for[number] >> place & 1:
            return 0
        location = self.network.locations[place]
        return self.supply.units(self.lines[number].sku, location.location_id)

    def cheapest(
        self, among: int, grams: int, units: int, bulk: int = 0, items: Items = ()
    ) -> tuple[int, int]:
        """(score, location number) of the best parcel from a set; NO_OFFER if it is empty.

        The best of a set is the best of each part of the set that it is in.
        """
        load = grams, units, bulk, items
        asked, best = self._offers.get(load, (0, NO_OFFER))
        if among & ~asked or not among & 1 << max(0, best[1]):
            best = self._best(among, *load)
            self._offers[load] = among, best
        return best

    def _best(self, among: int, grams: int, units: int, bulk: int, items: Items) -> tuple[int, int]:
        """Exact: within a group the price never falls with distance, so its nearest is its best."""
        best = NO_OFFER
        for group in self.groups:
            members = among & group.members
            if members:
                place = self.view.nearest(members)
                value = self._score(place, group, grams, units, bulk, items)
                if value < best[0]:
                    best = value, place
        return best

    def score_at(self, place: int, grams: int, units: int, bulk: int = 0, items: Items = ()) -> int:
        """Score of a parcel from that location."""
        return self._score(place, self.group_of(place), grams, units, bulk, items)

    def group_of(self, place: int) -> Group:
        """The price group of a location."""
        return next(group for group in self.groups if group.members >> place & 1)

    def parcel(
        self, place: int, group: Group, grams: int, units: int, bulk: int = 0, items: Items = ()
    ) -> Parcel:
        """What the objectives price."""
        _, handling, days, abroad, method, local = group
        way = self._ways.get(place)
        if way is None:
            metres, card = self.view.metres(place), self.rules.rate_card
            way = self._ways[place] = metres, card.last_zone if abroad else card.zone(metres)
        metres, zone = way
        return Parcel(
            metres, zone, grams, units, days[zone], handling, abroad, method, bulk, local, items
        )

    def contents_score(self, place: int, contents: Mapping[int, int]) -> int:
        """Score of a parcel with units by line number."""
        return self.score_at(place, *self.load(contents.items()))

    def load(self, contents: Iterable[tuple[int, int]]) -> Load:
        """What (line number, units) pairs weigh together."""
        grams = units = bulk = 0
        items = tuple(contents)
        for number, quantity in items:
            line = self.lines[number]
            grams += line.grams * quantity
            bulk += line.volume_cm3 * quantity
            units += quantity
        return Load(grams, units, bulk, items)

    def left_over(self, contents: Contents) -> int:
        """Units that a proposal leaves unallocated."""
        placed = sum(sum(parcel.values()) for parcel in contents.values())
        return sum(line.quantity for line in self.lines) - placed

    def total(self, contents: Contents) -> int:
        """Score of a whole proposal, penalties for parcels and leftovers included."""
        parcels = sum(self.contents_score(place, parcel) for place, parcel in contents.items())
        return parcels + self.loss(self.left_over(contents))

    def loss(self, units: int) -> int:
        """Score of leaving that many units unallocated."""
        return units * self.rules.weights.unallocated << MONEY_SHIFT

    def _score(
        self, place: int, group: Group, grams: int, units: int, bulk: int, items: Items
    ) -> int:
        parcel = self.parcel(place, group, grams, units, bulk, items)
        return score(
            self._parcel + objectives.money(parcel, self.rules, self._local), parcel.metres, place
        )
