"""What a scenario is made of."""

from __future__ import annotations

from abc import ABC, abstractmethod

from dom.simulation.world import Situation


class Transformation(ABC):
    """A change of the world, of what customers ask, or both: a frozen dataclass of plain values.

    Days are counted from midnight (UTC) of the first order's day.
    """

    __slots__ = ()

    @abstractmethod
    def apply(self, situation: Situation) -> Situation:
        """The situation with the change; the one given stays as it is."""

    def most_orders(self, orders: int) -> float:
        """The most orders that so many can become."""
        return orders
