"""What transfers and purchases need from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from dom.inventory.ports import Place, Places
from dom.model.clock import Clock
from dom.model.commit import Ledger
from dom.model.stock import Position
from dom.model.supply import SupplyOrder

# Whether the caller may act at a location: Forbidden if not.
Reach = Callable[[str], None]


class SupplyOrders(Protocol):
    """The orders as last written."""

    def load(self, order_id: str) -> SupplyOrder | None:
        """The order, or None."""


class Positions(Protocol):
    """Consistent reads of positions."""

    def positions_of(self, pairs: Iterable[Place]) -> list[Position]:
        """The positions that exist among these."""


@dataclass(frozen=True, slots=True)
class Dock:
    """Ports of the use cases."""

    orders: SupplyOrders
    positions: Positions
    places: Places
    ledger: Ledger
    clock: Clock
