"""SKUs that are nowhere any more."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dom.model.ids import Sku
from dom.simulation.demand import best_sellers
from dom.simulation.transformation import Transformation
from dom.simulation.world import Situation


@dataclass(frozen=True, slots=True)
class Stockout(Transformation):
    """Of `skus`, and of the `best_sellers` so many most wanted, nothing is there or comes."""

    skus: tuple[str, ...] = ()
    best_sellers: int = 0

    def __post_init__(self) -> None:
        if self.best_sellers < 0:
            raise ValueError("best_sellers cannot be negative")

    def apply(self, situation: Situation) -> Situation:
        """The same orders without that stock."""
        gone = {*map(Sku, self.skus), *best_sellers(situation)[: self.best_sellers]}
        world = situation.world
        stock = {sku: {} if sku in gone else held for sku, held in world.stock.items()}
        arrivals = tuple(one for one in world.arrivals if one.sku not in gone)
        return replace(situation, world=replace(world, stock=stock, arrivals=arrivals))
