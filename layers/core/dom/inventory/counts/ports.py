"""What counts need from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dom.inventory.apply_feed import Intake
from dom.model.count import StockCount, Tolerance
from dom.model.ids import LocationId


class Counts(Protocol):
    """The counts as last written."""

    def receive(self, count: StockCount) -> StockCount:
        """Note it; the one that is noted already, if it is."""

    def load(self, location_id: LocationId, count_id: str) -> StockCount:
        """The count; NotFound."""

    def save(self, count: StockCount) -> StockCount:
        """Store it, one version on; Outdated if somebody else did."""


@dataclass(frozen=True, slots=True)
class CountDesk:
    """Ports of the use cases."""

    counts: Counts
    intake: Intake
    tolerance: Tolerance
