"""What can be changed of a situation: one per file, named here as scenario files name it."""

from __future__ import annotations

from collections.abc import Mapping

from dom.simulation.transformation import Transformation
from dom.simulation.transformations import (
    carrier_strike,
    closed,
    flash_sale,
    order_rate,
    stockout,
)

TRANSFORMATIONS: Mapping[str, type[Transformation]] = {
    "carrier_strike": carrier_strike.CarrierStrike,
    "closed": closed.Closed,
    "flash_sale": flash_sale.FlashSale,
    "order_rate": order_rate.OrderRate,
    "stockout": stockout.Stockout,
}
