"""The RuleSet: what routing may do (fences) and what each thing is worth (weights), versioned.

Amounts are minor units of the order's currency, taken as they are: the defaults are cents of a
USD-like parcel market. Retailers with another currency or contract bring their own numbers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from itertools import pairwise

from dom.model.location import LocationType

# Zone edges follow the radii of parcel carriers (50, 150, 300, 600, 1000, 1400, 1800 miles).
_EDGES_KM = (80, 240, 480, 960, 1600, 2250, 2900)
# Even steps, so that one parcel never costs more than the same goods in two.
_BREAKS_GRAMS = (250, 500, *range(1000, 30_001, 1000))
_BASE = (690, 710, 740, 790, 850, 920, 1000, 1090)
_PER_KG = (35, 45, 60, 85, 115, 150, 190, 235)


def _default_prices() -> tuple[tuple[int, ...], ...]:
    """Our own numbers: a base by zone plus a price per kg of the break; dearer with each zone."""
    return tuple(
        tuple(base + rate * grams // 1000 for base, rate in zip(_BASE, _PER_KG, strict=True))
        for grams in _BREAKS_GRAMS
    )


def _rises(numbers: tuple[int, ...]) -> bool:
    return all(a <= b for a, b in pairwise(numbers))


@dataclass(frozen=True, slots=True)
class RateCard:
    """Price of a parcel by weight and distance zone.

    Zone z (from 0) reaches up to `edges_km[z]`, the last one without end. `prices[b][z]` is paid
    up to and including `breaks_grams[b]`. What is heavier travels as boxes of the last break plus
    the rest. ValueError unless prices are positive and never fall with weight or distance: the
    solver relies on it, and a carrier's 0 means "no price", not "free". One parcel should never
    cost more than its goods in two; on a card where it does, a plan's gap says how far it may be
    from optimal.
    """

    edges_km: tuple[int, ...] = _EDGES_KM
    breaks_grams: tuple[int, ...] = _BREAKS_GRAMS
    prices: tuple[tuple[int, ...], ...] = field(default_factory=_default_prices)
    cross_border: int = 1500
    same_day: int = 900
    same_day_per_km: int = 30

    def __post_init__(self) -> None:
        columns = tuple(zip(*self.prices, strict=True))
        if len(self.prices) != len(self.breaks_grams) or len(columns) != len(self.edges_km) + 1:
            raise ValueError("rate card: one row per weight break, one column per zone")
        ladders = (self.edges_km, self.breaks_grams, *self.prices, *columns)
        if min(columns[0]) <= 0 or not all(map(_rises, ladders)):
            raise ValueError("rate card: prices must be positive and rise with weight and zone")

    @property
    def last_zone(self) -> int:
        """The farthest zone, also used where the distance is unknown."""
        return len(self.edges_km)

    def zone(self, metres: int | None) -> int:
        """Zone index of a distance; an unknown distance is in the last zone."""
        return self.last_zone if metres is None else bisect_left(self.edges_km, metres / 1000)

    def price(self, grams: int, zone: int) -> int:
        """Price of goods of that weight; exact at the breaks, which belong to the row below."""
        boxes, rest = divmod(max(grams, 1), self.breaks_grams[-1])
        price = boxes * self.prices[-1][zone]
        return price + (self.prices[bisect_left(self.breaks_grams, rest)][zone] if rest else 0)


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
    parcel, on top of its cost; the default is beyond any tariff, so that the fewest parcels win and
    cost decides among those. `unallocated`: each unit left over; beyond everything else.
    """

    day: int = 200
    co2e_tonne: int = 10_000
    parcel: int = 1_000_000
    unallocated: int = 1_000_000_000
    handling: Mapping[LocationType, Handling] = field(default_factory=_default_handling)


@dataclass(frozen=True, slots=True)
class Fences:
    """Hard limits.

    `ship_complete`: all units or none. `max_splits` 0: one shipment or none; what is left over
    counts as one shipment more. `min_routing_stock`: a location with fewer units of a SKU is not
    asked for it. `ships_to`: countries that a location's country reaches; a country that is not
    listed reaches all. `same_day_km`: radius of same-day delivery.
    """

    ship_complete: bool = False
    max_splits: int | None = None
    min_routing_stock: int = 0
    ships_to: Mapping[str, frozenset[str]] = field(default_factory=dict)
    same_day_km: int = 40


def _default_cutoffs() -> dict[LocationType, time]:
    return {LocationType.STORE: time(14, 0), LocationType.SUPPLIER: time(12, 0)}


@dataclass(frozen=True, slots=True)
class Service:
    """When things happen, in local time of the location.

    `cutoffs`: until then an order leaves the same day (`cutoff` for other types).
    `transit_days` by zone are days on which carriers work: not Sundays, not `holidays`.
    """

    cutoff: time = time(16, 0)
    cutoffs: Mapping[LocationType, time] = field(default_factory=_default_cutoffs)
    transit_days: tuple[int, ...] = (1, 2, 2, 3, 3, 4, 4, 5)
    cross_border_days: int = 5
    delivered_until: time = time(20, 0)
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One version of the routing configuration. `last_mile_km` is the van's share of a delivery."""

    version: str = "default-1"
    weights: Weights = field(default_factory=Weights)
    fences: Fences = field(default_factory=Fences)
    service: Service = field(default_factory=Service)
    rate_card: RateCard = field(default_factory=RateCard)
    last_mile_km: int = 10

    def __post_init__(self) -> None:
        if len(self.service.transit_days) != self.rate_card.last_zone + 1:
            raise ValueError("rule set: one number of transit days per zone of the rate card")
        if not _rises(self.service.transit_days):
            raise ValueError("rule set: transit days must not fall with distance")
