"""What reading and setting positions needs from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from typing import Protocol

from dom.model.ids import LocationId, Sku
from dom.model.stock import Position, Totals

Place = tuple[Sku, LocationId]


class Stock(Protocol):
    """Consistent reads of positions and of the documents that name them."""

    def availability(self, skus: Iterable[str]) -> Mapping[str, Mapping[str, int]]:
        """By SKU, the locations that have a position of it (empty: unknown SKU)."""

    def positions_of(self, pairs: Iterable[tuple[str, str]]) -> list[Position]:
        """The positions that exist among these (sku, location_id)."""


class Locations(Protocol):
    """The network, as far as stock needs it."""

    def find(self, location_id: str) -> object | None:
        """Something, if the location exists."""


class Places(Protocol):
    """The network, as far as a feed needs it."""

    def existing(self, location_ids: Iterable[str]) -> Set[str]:
        """Those of the locations that exist."""


class Book(Protocol):
    """Consistent reads of positions and of the movements that they are the sum of."""

    def positions_of(self, pairs: Iterable[Place]) -> list[Position]:
        """The positions that exist among these."""

    def moved_after(self, pairs: Iterable[Place], after: datetime) -> Mapping[Place, Totals]:
        """What moved at each position by facts that occurred after the instant; absent: nothing."""

    def recorded(
        self, names: Iterable[tuple[Sku, LocationId, str]], occurred_at: datetime
    ) -> Set[Place]:
        """Positions among (sku, location_id, movement id) that have that movement of that time."""

    def stocked(self, location_ids: Iterable[LocationId]) -> Iterable[Place]:
        """Every position at these locations, from an index that follows within a second."""
