"""What is there of a SKU that orders wait for, and from which day it may leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from dom.model.geo import Destination
from dom.model.ids import LocationId, Sku
from dom.model.location import Capability, Location
from dom.model.order import Order, ShipGroup
from dom.model.preorder import has_preordered
from dom.model.product import Assortment
from dom.sourcing.network import Network
from dom.sourcing.opening import Opening, opening


class Places(Protocol):
    """The network."""

    def network(self, known: Iterable[str] = ()) -> Network:
        """As it stands now, at most some seconds old, and never without the `known` locations."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Available units of a SKU by location, where that takes work: they go to the first in line.

    `opening`: its release, as long as some of it may not leave.
    """

    sku: Sku
    places: Mapping[LocationId, int]
    opening: Opening | None
    network: Network

    @property
    def opens(self) -> date | None:
        """The day of its release, as long as some of it may not leave."""
        return self.opening.day if self.opening else None

    @property
    def units(self) -> int:
        """All that is there."""
        return sum(self.places.values())

    def woken(self, order: Order, now: datetime) -> Order:
        """The order, looked at for routing no later than when its preordered units may leave."""
        if not has_preordered(order, self.sku):
            return order
        at = now
        if self.opening and self.opening.kept:
            at = self.opening.wakes_at(order.order_id)
        return replace(order, due_at=min(order.due_at or at, at))

    def sender(self, group: ShipGroup) -> Location | None:
        """From where it leaves, as far as one can tell: the place that the customer chose, else the
        nearest that has it, else the nearest that ships. None: there is none.
        """
        network = self.network
        if group.location_id in network.index:
            return network.locations[network.index[group.location_id]]
        able = network.bits(self.places) or network.capable[Capability.SHIP] & ~network.inactive
        view = network.view(group.destination or Destination(""))
        return network.locations[view.nearest(able)] if able else None


def shelf_of(sku: Sku, assortment: Assortment, places: Places, now: datetime) -> Shelf:
    """The shelf as documents have it."""
    found = {LocationId(x): n for x, n in assortment.units[sku].items() if n > 0}
    network = places.network(found)
    working = {
        at: n
        for at, n in found.items()
        if at in network.index and not network.inactive >> network.index[at] & 1
    }
    opens = opening(assortment.products.get(sku), working, network, now)
    return Shelf(sku, working, opens, network)
