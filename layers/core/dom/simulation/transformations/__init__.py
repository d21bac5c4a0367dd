"""What can be changed of a situation: one per file, named here as scenario files name it.

A transformation is a frozen dataclass of plain values; days are counted from midnight (UTC) of the
first order's day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from dom.simulation.transformations import (
    carrier_strike,
    closed,
    flash_sale,
    order_rate,
    stockout,
)
from dom.simulation.world import Situation


class Transformation(Protocol):
    """A change of the world, of what customers ask, or both."""

    def apply(self, situation: Situation) -> Situation:
        """The situation with the change; the one given stays as it is."""


TRANSFORMATIONS: Mapping[str, type[Transformation]] = {
    "carrier_strike": carrier_strike.CarrierStrike,
    "closed": closed.Closed,
    "flash_sale": flash_sale.FlashSale,
    "order_rate": order_rate.OrderRate,
    "stockout": stockout.Stockout,
}
