"""What is known when it is decided where a return goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dom.model.geo import Destination
from dom.model.ids import LocationId, Sku
from dom.model.location import Capability, Location
from dom.model.product import Product
from dom.model.return_terms import ReturnMethod, ReturnReason
from dom.sourcing.network import Network


@dataclass(frozen=True, slots=True)
class Coming:
    """Units of a line on their way back: what one weighs, and the minor units it was sold for."""

    sku: Sku | None
    quantity: int
    reason: ReturnReason
    value: int
    grams: int = 0


@dataclass(frozen=True, slots=True)
class ReturnCase:
    """What is to be decided.

    `origins`: where the goods were sent from; `dropped_at`: the store that the customer brings them
    to, where one is chosen. `products`: facts of those SKUs that have any; `units`: available units
    by SKU and location; `backlogs`: returned units that wait, of the locations that are open.
    """

    lines: tuple[Coming, ...]
    sender: Destination | None
    method: ReturnMethod
    origins: frozenset[LocationId]
    products: Mapping[Sku, Product]
    units: Mapping[str, Mapping[str, int]]
    backlogs: Mapping[str, int]
    dropped_at: LocationId | None = None
    currency: str = "USD"

    @property
    def quantity(self) -> int:
        """Units in all."""
        return sum(line.quantity for line in self.lines)

    @property
    def value(self) -> int:
        """What was paid for all of it, in minor units."""
        return sum(line.value * line.quantity for line in self.lines)

    def product(self, line: Coming) -> Product | None:
        """What is known of the line's SKU."""
        return self.products.get(line.sku) if line.sku else None

    @property
    def needs(self) -> frozenset[str]:
        """What whoever takes it must be able to handle."""
        found = (self.product(line) for line in self.lines)
        return frozenset(need for one in found if one for need in one.needs)


def takes_returns(network: Network) -> tuple[LocationId, ...]:
    """Active locations that can take returns."""
    return tuple(one.location_id for one in network.locations if one.active and _capable(one))


def _capable(location: Location) -> bool:
    return Capability.RETURNS in location.capabilities
