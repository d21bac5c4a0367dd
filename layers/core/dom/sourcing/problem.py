"""What the solver is asked: a demand, the supply that a batch shares, and the network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dom.model.geo import Destination
from dom.model.ids import LocationId, Sku
from dom.model.order import Method
from dom.sourcing.network import Network
from dom.sourcing.supply import Supply

__all__ = ["Demand", "DemandLine", "Network", "Supply"]


@dataclass(frozen=True, slots=True)
class DemandLine:
    """Units of one order line to allocate. `grams` is one unit's weight.

    `excluded`: locations that rejected this line; it never goes there again.
    """

    line_id: str
    sku: Sku
    quantity: int
    grams: int = 0
    excluded: frozenset[LocationId] = frozenset()


@dataclass(frozen=True, slots=True)
class Demand:
    """One ship group to route. `fixed_location`: the place the customer chose (pickup).

    Higher `priority` goes first. `value_minor` is the goods' value in minor units of `currency`.
    """

    order_id: str
    ship_group_id: str
    method: Method
    destination: Destination
    lines: tuple[DemandLine, ...]
    fixed_location: LocationId | None
    placed_at: datetime
    priority: int = 0
    currency: str = "USD"
    value_minor: int = 0
