"""What publishing stock needs from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from dom.model.clock import Clock
from dom.model.ids import Sku
from dom.model.outlet import Listing, Outlet, Shelf


class Listings(Protocol):
    """What we know of SKUs at outlets."""

    def load(self, outlet: Outlet, skus: Iterable[Sku]) -> Mapping[Sku, Listing]:
        """Those that were looked at before."""

    def save(self, listings: Iterable[Listing]) -> None:
        """Keep them; the last one wins, since the channel itself is asked each time."""


class Sellable(Protocol):
    """What may be sold."""

    def known(self, skus: Iterable[Sku]) -> set[Sku]:
        """Those that have, or once had, a position: of others nothing is said to any channel."""

    def units(self, sku: Sku, channel: str) -> int:
        """ATS of the channel, now."""

    def kits_of(self, skus: Iterable[Sku]) -> Mapping[Sku, Sequence[Sku]]:
        """Kits that they are components of, for those that are."""


@dataclass(frozen=True, slots=True)
class Publishing:
    """Ports. `settle`: how long orders take to reach us. `count` is told what was done, by name."""

    shelf: Callable[[Outlet], Shelf]
    listings: Listings
    sellable: Sellable
    clock: Clock
    settle: timedelta = timedelta(seconds=15)
    count: Callable[[str, int], object] = lambda name, units: None
