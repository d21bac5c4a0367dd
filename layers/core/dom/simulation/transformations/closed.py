"""Locations take no work for a time; their stock stays where it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dom.model.ids import LocationId
from dom.simulation.transformation import Transformation
from dom.simulation.world import Closure, Situation, World


@dataclass(frozen=True, slots=True)
class Closed(Transformation):
    """Closes `locations`, and the `largest` so many by units in stock."""

    locations: tuple[str, ...] = ()
    largest: int = 0
    from_day: float = 0
    until_day: float | None = None

    def __post_init__(self) -> None:
        if self.largest < 0:
            raise ValueError("largest cannot be negative")

    def apply(self, situation: Situation) -> Situation:
        """The same orders while these are closed."""
        starts, ends = situation.days(self.from_day, self.until_day)
        world = situation.world
        places = {*map(LocationId, self.locations), *by_stock(world)[: self.largest]}
        closures = tuple(Closure(place, starts, ends) for place in sorted(places))
        return replace(situation, world=replace(world, closures=world.closures + closures))


def by_stock(world: World) -> list[LocationId]:
    """Locations by the units they hold, most first."""
    units = {location.location_id: 0 for location in world.locations}
    for stock in world.stock.values():
        for place, held in stock.items():
            units[place] = units.get(place, 0) + max(0, held)
    return sorted(units, key=lambda place: (-units[place], place))
