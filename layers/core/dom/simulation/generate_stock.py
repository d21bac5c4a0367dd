"""Made-up stock for made-up orders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random

from dom.model.ids import LocationId, Sku
from dom.model.location import Capability, Location, LocationType
from dom.simulation.recipe import Recipe
from dom.simulation.world import Arrival, World
from dom.sourcing.problem import Demand

CENTERS = frozenset({LocationType.DC, LocationType.WAREHOUSE})


def stocked(
    locations: Sequence[Location], recipe: Recipe, skus: Sequence[Sku], demands: Sequence[Demand]
) -> World:
    """The world that these demands come to."""
    random = Random(f"stock-{recipe.seed}")  # noqa: S311 (made-up data)
    shippers = [one for one in locations if Capability.SHIP in one.capabilities]
    centers = [one.location_id for one in shippers if one.type in CENTERS]
    stores = [one.location_id for one in shippers if one.type not in CENTERS]
    daily = _daily_units(demands, recipe.days)
    stock = {
        sku: _stock(daily.get(sku, 0.0) * recipe.cover_days, centers, stores, random)
        for sku in skus
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
