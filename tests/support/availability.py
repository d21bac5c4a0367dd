"""The in-memory twin of `dom.aws.availability_store.DynamoAvailabilityStore`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from dom.inventory.project import Availability, Units
from dom.model.ids import LocationId, Sku


@dataclass
class FakeStore:
    """Positions and documents in memory; `between` runs after positions were read: other shards."""

    positions: dict[tuple[Sku, LocationId], int] = field(default_factory=dict)
    documents: dict[Sku, Availability] = field(default_factory=dict)
    between: Callable[[], None] = lambda: None
    broken: Sku | None = None
    writes: int = 0

    def document(self, sku: Sku) -> Availability:
        return self.documents.get(sku, Availability(sku))

    def available(self, sku: Sku, locations: Iterable[LocationId]) -> Units:
        if sku == self.broken:
            raise TimeoutError
        found = {one: self.positions[sku, one] for one in locations if (sku, one) in self.positions}
        self.between()
        return found

    def replace(self, document: Availability) -> bool:
        if self.document(document.sku).version != document.version:
            return False
        self.documents[document.sku] = replace(document, version=document.version + 1)
        self.writes += 1
        return True
