"""Made-up orders and stock for a network: customers live where it has locations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from dom.model.geo import Coordinates, Destination
from dom.model.ids import Sku
from dom.model.location import Location
from dom.model.order import Method
from dom.simulation.generate_stock import stocked
from dom.simulation.recipe import Recipe
from dom.simulation.world import Situation
from dom.sourcing.problem import Demand, DemandLine

_SIZES, _SIZE_SHARES = (1, 2, 3, 4, 6), (50, 25, 13, 8, 4)
_QUANTITIES = (1, 1, 1, 1, 2)
_CHANNELS, _CHANNEL_SHARES = ("web", "app", "marketplace"), (6, 3, 1)
# Orders by hour of the day (UTC): few at night, most in the evening of North America.
_HOURS = (7, 6, 5, 3, 2, 2, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 7, 7, 7, 7, 6, 7, 8, 8)


def generate(locations: Sequence[Location], recipe: Recipe) -> Situation:
    """Orders, and the world they come to. Locations without coordinates get no customers."""
    random = Random(f"orders-{recipe.seed}")  # noqa: S311 (made-up data)
    catalog = _catalog(recipe, random)
    homes = [one for one in locations if one.coordinates] or list(locations)
    demands = tuple(_orders(recipe, catalog, homes, random)) if homes else ()
    return Situation(
        stocked(locations, recipe, [one.sku for one in catalog.lines], demands), demands
    )


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
