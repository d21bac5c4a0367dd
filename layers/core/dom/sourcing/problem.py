"""What the solver is asked: a demand, the supply that a batch shares, and the network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dom.model.geo import Destination
from dom.model.ids import LocationId, Sku
from dom.model.order import Method
from dom.model.scope import Case
from dom.sourcing.network import Network
from dom.sourcing.supply import Supply

__all__ = ["Demand", "DemandLine", "Network", "Supply"]


@dataclass(frozen=True, slots=True)
class DemandLine:
    """Units of one order line to allocate. `grams` and `volume_cm3` are of one unit (0: unknown).

    `excluded`: locations that rejected this line; it never goes there again. `needs`: what a
    location must handle. Lines with the same `keep_together` travel in one parcel. `value_minor`:
    one unit's price. `promised_by`: goods that are promised already go nowhere that is later.
    `releases_on`: they leave no location before that day of its own begins.
    `behind`: others are next in line for them.
    """

    line_id: str
    sku: Sku
    quantity: int
    grams: int = 0
    excluded: frozenset[LocationId] = frozenset()
    category: str = ""
    needs: frozenset[str] = frozenset()
    volume_cm3: int = 0
    keep_together: str = ""
    value_minor: int = 0
    promised_by: datetime | None = None
    releases_on: date | None = None
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """One ship group to route. `fixed_location`: the place the customer chose (pickup).

    Higher `priority` goes first. `value_minor` is the goods' value in minor units of `currency`.
    `channel` and `tier` are what rules name. `promised_by`: what the customer was told.
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
    channel: str = ""
    tier: str = ""
    promised_by: datetime | None = None

    @property
    def case(self) -> Case:
        """What rules may ask of it."""
        return Case(
            self.channel,
            self.method,
            self.destination.country_code.upper(),
            self.tier,
            frozenset(line.category for line in self.lines if line.category),
            self.value_minor,
        )
