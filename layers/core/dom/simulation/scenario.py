"""A scenario: orders to begin with, unless they are given, and changes in their order."""

from __future__ import annotations

from dataclasses import dataclass, field

from dom.simulation.recipe import Recipe
from dom.simulation.transformation import Transformation
from dom.simulation.world import Situation


@dataclass(frozen=True, slots=True)
class Scenario:
    """`orders` says what is generated where no window of real orders is given."""

    name: str
    changes: tuple[Transformation, ...] = ()
    orders: Recipe = field(default_factory=Recipe)

    def apply(self, situation: Situation) -> Situation:
        """The situation after all changes; one without demands stays as it is."""
        if not situation.demands:
            return situation
        for change in self.changes:
            situation = change.apply(situation)
        return situation

    def most_orders(self, orders: int) -> float:
        """The most orders that so many can become by all changes."""
        count: float = orders
        for change in self.changes:
            count = change.most_orders(int(count))
        return count
