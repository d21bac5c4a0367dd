"""Made-up orders and stock for a network: customers live where it has locations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

from dom.model.geo import Coordinates, Destination
from dom.model.ids import LocationId, Sku
from dom.model.location import Capability, Location, LocationType
from dom.model.order import Method
from dom.simulation.world import Arrival, Situation, World
from dom.sourcing.problem import Demand, DemandLine

CENTERS = frozenset({LocationType.DC, LocationType.WAREHOUSE})
_SIZES, _SIZE_SHARES = (1, 2, 3, 4, 6), (50, 25, 13, 8, 4)
_QUANTITIES = (1, 1, 1, 1, 2)
_CHANNELS, _CHANNEL_SHARES = ("web", "app", "marketplace"), (6, 3, 1)
# Orders by hour of the day (UTC): few at night, most in the evening of North America.
_HOURS = (7, 6, 5, 3, 2, 2, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 7, 7, 7, 7, 6, 7, 8, 8)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is made: reproducible from `seed`.

    `cover_days`: days of mean demand of each SKU that the centers which have it, about three of
    five, hold together at the start; each store holds two to eight units of half of the SKUs.
    `restock_days`: as often centers get that many days' demand (0: never). `promise_days`: what
    customers are told.
    """

    seed: int = 1
    starts: datetime = datetime(2026, 3, 2, tzinfo=UTC)
    days: int = 7
    orders_per_day: int = 300
    skus: int = 150
    cover_days: float = 6.0
    restock_days: int = 0
    promise_days: int = 4


def generate(locations: Sequence[Location], recipe: Recipe) -> Situation:
    """Orders, and the world they come to. Locations without coordinates get no customers."""
    random = Random(f"orders-{recipe.seed}")  # noqa: S311 (made-up data)
    catalog = _catalog(recipe, random)
    homes = [one for one in locations if one.coordinates] or list(locations)
    demands = tuple(_orders(recipe, catalog, homes, random)) if homes else ()
    return Situation(_world(locations, recipe, catalog, demands), demands)


@dataclass(frozen=True, slots=True)
class _Catalog:
    """SKUs with their weights and prices; popularity falls with the number (Zipf)."""

    lines: tuple[DemandLine, ...]
    popularity: tuple[float, ...]


def _catalog(recipe: Recipe, random: Random) -> _Catalog:
    lines = tuple(
        DemandLine(
            "1",
            Sku(f"SKU-{number:04}"),
            1,
            random.choice((150, 300, 500, 800, 1200, 2500)),
            value_minor=random.randrange(800, 9000, 100),
        )
        for number in range(recipe.skus)
    )
    return _Catalog(lines, tuple(accumulate(1 / (3 + number) for number in range(recipe.skus))))


def _orders(
    recipe: Recipe, catalog: _Catalog, homes: Sequence[Location], random: Random
) -> Iterator[Demand]:
    for number in range(recipe.days * recipe.orders_per_day):
        day = number // recipe.orders_per_day
        (hour,) = random.choices(range(24), _HOURS)
        after = timedelta(days=day, hours=hour, seconds=random.randrange(3600))
        yield _order(f"gen-{number:06}", recipe.starts + after, recipe, catalog, homes, random)


def _order(
    name: str,
    placed_at: datetime,
    recipe: Recipe,
    catalog: _Catalog,
    homes: Sequence[Location],
    random: Random,
) -> Demand:
    (size,) = random.choices(_SIZES, _SIZE_SHARES)
    picked = random.choices(range(recipe.skus), cum_weights=catalog.popularity, k=size)
    lines = tuple(
        _line(n, catalog.lines[sku], random) for n, sku in enumerate(sorted(set(picked)), 1)
    )
    return Demand(
        name,
        "1",
        Method.SHIP,
        _home(random.choice(homes), random),
        lines,
        None,
        placed_at,
        value_minor=sum(line.value_minor * line.quantity for line in lines),
        channel=random.choices(_CHANNELS, _CHANNEL_SHARES)[0],
        promised_by=placed_at + timedelta(days=recipe.promise_days),
    )


def _line(number: int, line: DemandLine, random: Random) -> DemandLine:
    return DemandLine(
        str(number),
        line.sku,
        random.choice(_QUANTITIES),
        line.grams,
        value_minor=line.value_minor,
    )


def _home(near: Location, random: Random) -> Destination:
    """Within about 150 km of a location, on a grid of a quarter degree."""
    place = near.coordinates
    if place is None:
        return Destination(near.country_code, near.postal_code)
    north, east = (random.randrange(-5, 6) / 4 for _ in range(2))
    latitude = round(4 * place.latitude) / 4 + north
    longitude = (round(4 * place.longitude) / 4 + east + 180) % 360 - 180
    return Destination(
        near.country_code, coordinates=Coordinates(max(-90.0, min(90.0, latitude)), longitude)
    )


def _world(
    locations: Sequence[Location], recipe: Recipe, catalog: _Catalog, demands: Sequence[Demand]
) -> World:
    random = Random(f"stock-{recipe.seed}")  # noqa: S311 (made-up data)
    shippers = [one for one in locations if Capability.SHIP in one.capabilities]
    centers = [one.location_id for one in shippers if one.type in CENTERS]
    stores = [one.location_id for one in shippers if one.type not in CENTERS]
    daily = _daily_units(demands, recipe.days)
    stock = {
        line.sku: _stock(daily.get(line.sku, 0.0) * recipe.cover_days, centers, stores, random)
        for line in catalog.lines
    }
    return World(tuple(locations), stock, tuple(_restock(recipe, daily, centers)))


def _daily_units(demands: Sequence[Demand], days: int) -> dict[Sku, float]:
    units: dict[Sku, float] = {}
    for demand in demands:
        for line in demand.lines:
            units[line.sku] = units.get(line.sku, 0.0) + line.quantity / days
    return units


def _stock(
    units: float, centers: Sequence[LocationId], stores: Sequence[LocationId], random: Random
) -> dict[LocationId, int]:
    at = [place for place in centers if random.random() < 0.6] or list(centers)
    held = {place: round(units / len(at) * random.uniform(0.2, 1.8)) for place in at}
    return held | {place: random.randint(2, 8) for place in stores if random.random() < 0.5}


def _restock(
    recipe: Recipe, daily: dict[Sku, float], centers: Sequence[LocationId]
) -> Iterator[Arrival]:
    if not recipe.restock_days:
        return
    for day in range(recipe.restock_days, recipe.days, recipe.restock_days):
        at = recipe.starts + timedelta(days=day, hours=6)
        for sku, units in sorted(daily.items()):
            for place in centers:
                yield Arrival(at, sku, place, round(units * recipe.restock_days / len(centers)))
