"""What reading and setting positions needs from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from dom.model.stock import Position


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
