"""What is simulated: a network with its stock, what happens to it, and what customers ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dom.model.ids import LocationId, Sku
from dom.model.location import Location
from dom.model.product import Product
from dom.sourcing.problem import Demand


@dataclass(frozen=True, slots=True)
class Arrival:
    """Units that come to a location, or leave it (negative) for another reason than an order."""

    at: datetime
    sku: Sku
    location_id: LocationId
    units: int


@dataclass(frozen=True, slots=True)
class Closure:
    """A location takes no work from `starts` up to, but not including, `ends`."""

    location_id: LocationId
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class CarrierChange:
    """From `starts` until `ends` carriers take `extra_days` more, at `price_percent` of the card.

    Routing knows of it, as it would from its rule set.
    """

    starts: datetime
    ends: datetime
    extra_days: int = 0
    price_percent: int = 100


@dataclass(frozen=True, slots=True)
class World:
    """The network and what may be promised of its stock when the first order comes.

    Every location starts with the whole capacity of its day. `products`: what is known of SKUs.
    """

    locations: tuple[Location, ...]
    stock: Mapping[Sku, Mapping[LocationId, int]]
    arrivals: tuple[Arrival, ...] = ()
    closures: tuple[Closure, ...] = ()
    carriers: tuple[CarrierChange, ...] = ()
    products: Mapping[Sku, Product] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Situation:
    """A world and the demands that come to it, in any order."""

    world: World
    demands: tuple[Demand, ...]

    @property
    def begins(self) -> datetime:
        """Midnight (UTC) of the day of the first demand; ValueError if there is none."""
        first = min(demand.placed_at for demand in self.demands).astimezone(UTC)
        return first.replace(hour=0, minute=0, second=0, microsecond=0)

    def days(self, starts: float, ends: float | None) -> tuple[datetime, datetime]:
        """The instants that lie so many days after `begins`; None: a year after it."""
        begins = self.begins
        return begins + timedelta(days=starts), begins + timedelta(
            days=366 if ends is None else ends
        )

    @property
    def sorted_demands(self) -> list[Demand]:
        """By the time they were placed, those of one order together."""
        return sorted(self.demands, key=lambda d: (d.placed_at, d.order_id, d.ship_group_id))
