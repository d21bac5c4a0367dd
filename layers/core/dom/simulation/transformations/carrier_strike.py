"""Carriers deliver later and charge more for a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dom.simulation.transformation import Transformation
from dom.simulation.world import CarrierChange, Situation


@dataclass(frozen=True, slots=True)
class CarrierStrike(Transformation):
    """Parcels take `extra_days` more and cost `price_percent` of the rate card."""

    extra_days: int = 3
    price_percent: int = 100
    from_day: float = 0
    until_day: float | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.extra_days <= 60 and 1 <= self.price_percent <= 1000):
            raise ValueError("extra_days are 0 to 60, price_percent is 1 to 1000")

    def apply(self, situation: Situation) -> Situation:
        """The same orders while carriers strike."""
        starts, ends = situation.days(self.from_day, self.until_day)
        change = CarrierChange(starts, ends, self.extra_days, self.price_percent)
        world = situation.world
        return replace(situation, world=replace(world, carriers=(*world.carriers, change)))
