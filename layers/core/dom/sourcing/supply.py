"""The stock and capacity that one batch of demands shares. Each taking has its giving back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dom.model.ids import LocationId, Sku
from dom.model.product import Product
from dom.sourcing import bits
from dom.sourcing.network import Network
from dom.sourcing.plan import EFFORT, Assignment
from dom.sourcing.taking import lacking, used

# Less than anybody owes: who has that much is whoever is counted.
_ANY = -(1 << 62)


class Supply:
    """Mutable view of what may be promised: change it by its methods only, for it keeps bit sets.

    `available[sku][location]` in units (negative counts as none); `closed` locations take no work;
    `capacity_left` is FulfillmentOrders still taken today, `effort_left` effort units; a missing
    location is unbounded. `products` is what is known of some of the SKUs. `slots_log` names every
    location whose capacity or effort changed, in turn.
    """

    def __init__(
        self,
        available: Mapping[Sku, Mapping[LocationId, int]],
        closed: Iterable[LocationId] = (),
        capacity_left: Mapping[LocationId, int] | None = None,
        products: Mapping[Sku, Product] | None = None,
        effort_left: Mapping[LocationId, int] | None = None,
    ) -> None:
        self.available: dict[Sku, dict[LocationId, int]] = {
            sku: dict(stock) for sku, stock in available.items()
        }
        if effort_left:
            self.available[EFFORT] = dict(effort_left)
        self.closed: set[LocationId] = set(closed)
        self.capacity_left: dict[LocationId, int] = dict(capacity_left or {})
        self.products: Mapping[Sku, Product] = products or {}
        self.slots_log: list[LocationId] = []
        self._network: Network | None = None
        self._levels: dict[Sku, dict[int, int]] = {}
        self._closed: int | None = None
        self._full: int | None = None

    def units(self, sku: Sku, location_id: LocationId) -> int:
        """Units of the SKU that may still be promised at the location."""
        return max(0, self.available.get(sku, {}).get(location_id, 0))

    @property
    def effort_left(self) -> Mapping[LocationId, int]:
        """Effort units still taken today, where they are bounded."""
        return self.available.get(EFFORT, {})

    def take(self, assignments: Iterable[Assignment]) -> None:
        """Take a plan's units and effort, and one slot of capacity for each of its locations.

        ValueError, with nothing changed, if one is not there.
        """
        taken = list(assignments)
        missing = lacking(self, taken)
        if missing:
            raise ValueError(f"not there to take: {', '.join(missing)}")
        for assignment in taken:
            self._move(assignment, -1)

    def give_back(self, assignments: Iterable[Assignment]) -> None:
        """Undo `take`."""
        for assignment in assignments:
            self._move(assignment, 1)

    def overlay(self, sku: Sku, location_id: LocationId, available: int) -> None:
        """Lay the true quantity over what the availability document said."""
        self.available.setdefault(sku, {})[location_id] = available
        if self._network is not None and location_id in self._network.index:
            bit = 1 << self._network.index[location_id]
            levels = self._levels.get(sku, {})
            for quantity, members in levels.items():
                levels[quantity] = members | bit if available >= quantity else members & ~bit

    def overlay_capacity(self, location_id: LocationId, left: int | None, open_: bool) -> None:
        """Lay a location's true state over what was read: `left` None means unbounded."""
        self._closed = self._full = None
        self.slots_log.append(location_id)
        (self.closed.discard if open_ else self.closed.add)(location_id)
        if left is None:
            self.capacity_left.pop(location_id, None)
        else:
            self.capacity_left[location_id] = left

    def overlay_effort(self, location_id: LocationId, left: int | None) -> None:
        """Lay a location's true effort over what was read: None means unbounded."""
        self.slots_log.append(location_id)
        if left is not None:
            self.overlay(EFFORT, location_id, left)
        elif self.available.get(EFFORT, {}).pop(location_id, None) is not None:
            self._levels.pop(EFFORT, None)

    def counts_effort(self, network: Network) -> int:
        """The set of locations whose effort is bounded."""
        return self.at_least(network, EFFORT, _ANY) if self.effort_left else 0

    def at_least(self, network: Network, sku: Sku, quantity: int) -> int:
        """The set of locations with that many units or more (quantity >= 1)."""
        self._attach(network)
        levels = self._levels.setdefault(sku, {})
        if quantity not in levels:
            index, stock = network.index, self.available.get(sku, {})
            holders = (index[at] for at, n in stock.items() if n >= quantity and at in index)
            levels[quantity] = bits.of(holders, network.size)
        return levels[quantity]

    def closed_bits(self, network: Network) -> int:
        """The set of closed locations."""
        self._attach(network)
        if self._closed is None:
            self._closed = network.bits(self.closed)
        return self._closed

    def full_bits(self, network: Network) -> int:
        """The set of locations with no capacity left."""
        self._attach(network)
        if self._full is None:
            self._full = network.bits(at for at, left in self.capacity_left.items() if left <= 0)
        return self._full

    def _attach(self, network: Network) -> None:
        if self._network is not network:
            self._network = network
            self._levels = {}
            self._closed = self._full = None

    def _move(self, assignment: Assignment, sign: int) -> None:
        place = assignment.location_id
        for sku, quantity in used(self, assignment):
            held = self.available.get(sku, {}).get(place, 0)
            self.overlay(sku, place, held + sign * quantity)
        if place in self.capacity_left:
            self.capacity_left[place] += sign
            self.slots_log.append(place)
            self._full = None
        if place in self.effort_left:
            self.slots_log.append(place)
