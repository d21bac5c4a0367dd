"""The RuleSet: what routing may do (fences) and what each thing is worth (weights), versioned.

Amounts are minor units of the order's currency, taken as they are: the defaults are cents of a
USD-like parcel market. Retailers with another currency or contract bring their own numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from dom.model.ids import LocationId
from dom.model.location import LocationType
from dom.model.overlay import Overlay, Rule
from dom.model.rate_card import RateCard, rises
from dom.model.return_policy import ReturnPolicy


@dataclass(frozen=True, slots=True)
class Handling:
    """Labor: minor units for each parcel and each unit in it."""

    parcel: int
    unit: int


def _default_handling() -> dict[LocationType, Handling]:
    return {
        LocationType.DC: Handling(150, 30),
        LocationType.WAREHOUSE: Handling(150, 30),
        LocationType.DARK_STORE: Handling(200, 40),
        LocationType.STORE: Handling(250, 60),
        LocationType.PICKUP_POINT: Handling(250, 60),
        LocationType.SUPPLIER: Handling(300, 50),
    }


@dataclass(frozen=True, slots=True)
class Weights:
    """What things are worth, in minor units.

    `day`: one day of the customer's waiting. `co2e_tonne`: one tonne of CO2e. `parcel`: each
    parcel, on top of its cost: what it is worth not to split; beyond any tariff (1,000,000) the
    fewest parcels win and cost decides among those. `unallocated`: each unit left over; beyond
    everything else.
    `capacity`: one slot of a location that is used faster than its day allows (0: off). `reject`:
    a parcel that its location is certain to reject; taken times the chance of it (0: off).
    `last_unit`, `markdown`: percent of what a unit is worth to later orders, and of the credit for
    a unit of slow stock, that count (0: off). `markdown_cap`: the most credit that a parcel gets.
    `replenish_days`: how long a unit that is gone is missed; `slow_weeks`: stock is slow where it
    lasts longer.

    `day` and `capacity` are by default what docs/benchmarks-routing.md measures as `default`.
    """

    day: int = 75
    co2e_tonne: int = 10_000
    parcel: int = 100
    unallocated: int = 1_000_000_000
    capacity: int = 400
    reject: int = 0
    last_unit: int = 0
    markdown: int = 0
    markdown_cap: int = 500
    replenish_days: int = 7
    slow_weeks: int = 8
    handling: Mapping[LocationType, Handling] = field(default_factory=_default_handling)


class Dropship(StrEnum):
    """When suppliers may send: as any location, or only what no location of one's own can."""

    ALWAYS = "always"
    LAST = "last"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Fences:
    """Hard limits.

    `ship_complete`: all units or none. `max_splits` 0: one shipment or none; what is left over
    counts as one shipment more. `split_value`: goods of less value (minor units) are not a shipment
    of their own where a demand is split, nor left over. `min_routing_stock`: a location with fewer
    units of a SKU is not asked for it. `ships_to`: countries that a location's country reaches; a
    country that is not listed reaches all. `radius_km`: farthest that a parcel is shipped, unknown
    distances stay out; `same_day_km`: the same for same-day delivery. `groups`: only locations of
    one of these groups (empty: any). `excluded`: never these.
    """

    ship_complete: bool = False
    max_splits: int | None = None
    split_value: int = 0
    min_routing_stock: int = 0
    ships_to: Mapping[str, frozenset[str]] = field(default_factory=dict)
    radius_km: int | None = None
    same_day_km: int = 40
    groups: frozenset[str] = frozenset()
    excluded: frozenset[LocationId] = frozenset()
    dropship: Dropship = Dropship.ALWAYS


@dataclass(frozen=True, slots=True)
class Pass:
    """One attempt; the first that allocates every unit is taken, else the last as far as it gets.

    `days_late`: days after the promise that a parcel may arrive (None: any; without a promise any
    day is in time). `max_splits`: at most so many splits, within the fence of that name.
    """

    name: str
    days_late: int | None = None
    max_splits: int | None = None


def _default_cutoffs() -> dict[LocationType, time]:
    return {LocationType.STORE: time(14, 0), LocationType.SUPPLIER: time(12, 0)}


@dataclass(frozen=True, slots=True)
class Service:
    """When things happen, in local time of the location.

    `cutoffs`: until then an order leaves the same day (`cutoff` for other types).
    `transit_days` by zone are days on which carriers work: not Sundays, not `holidays`.
    `waves`: when a type of location is told of new work (none: at once); `waves_at`: the same for
    single locations, which then have these only.
    """

    cutoff: time = time(16, 0)
    cutoffs: Mapping[LocationType, time] = field(default_factory=_default_cutoffs)
    transit_days: tuple[int, ...] = (1, 2, 2, 3, 3, 4, 4, 5)
    cross_border_days: int = 5
    delivered_until: time = time(20, 0)
    holidays: frozenset[date] = frozenset()
    waves: Mapping[LocationType, tuple[time, ...]] = field(default_factory=dict)
    waves_at: Mapping[LocationId, tuple[time, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merging:
    """Whether work for one recipient at one location leaves as one shipment (method `ship`).

    In minutes, never so long that a promise would be broken: `merge_wait` is how long new work
    waits for more to come, `consolidate_wait` how long it waits for units of its own order that are
    backordered. Where nothing was promised, the day of delivery that is told moves with the wait.
    """

    merge: bool = False
    merge_wait: int = 0
    consolidate_wait: int = 0


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One version of the routing configuration. `last_mile_km` is the van's share of a delivery.

    `rules` apply in their order, then the `overlays` in force by priority: what comes later wins,
    and additions add up. Without `passes` there is one, without limits. `returns` is what holds
    for goods on their way back.
    """

    version: str = "default-1"
    weights: Weights = field(default_factory=Weights)
    fences: Fences = field(default_factory=Fences)
    passes: tuple[Pass, ...] = ()
    rules: tuple[Rule, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    service: Service = field(default_factory=Service)
    merging: Merging = Merging()
    rate_card: RateCard = field(default_factory=RateCard)
    last_mile_km: int = 10
    returns: ReturnPolicy = field(default_factory=ReturnPolicy)

    def __post_init__(self) -> None:
        if len(self.service.transit_days) != self.rate_card.last_zone + 1:
            raise ValueError("rule set: one number of transit days per zone of the rate card")
        if not rises(self.service.transit_days):
            raise ValueError("rule set: transit days must not fall with distance")
