"""Where returned goods are worth most: each location that takes them, the vendor, or the customer.

Formula: min over r of ship(z, r) + process_r + refurbish_r - pi_{r,s} * P(resaleable), with what
routing uses for the same terms (docs/returns.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dom.model.geo import Destination
from dom.model.ids import LocationId, Sku
from dom.model.location import Capability
from dom.model.product import Product
from dom.model.rma import ReturnDecision, ReturnMethod, ReturnReason
from dom.model.rules import RuleSet
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

    `origins`: where the goods were sent from; `dropped_at`: the store that the customer brings it
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


def takes_returns(network: Network) -> tuple[LocationId, ...]:
    """Active locations that can take returns."""
    return tuple(
        one.location_id
        for one in network.locations
        if one.active and Capability.RETURNS in one.capabilities
    )


def decide(case: ReturnCase, network: Network, rules: RuleSet, now: datetime) -> ReturnDecision:
    """The best place, with all that was looked at and why."""
    raise NotImplementedError
