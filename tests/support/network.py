"""The locations of the network stage, in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from dom.errors import CommitRefused, Conflict
from dom.model.location import Location
from dom.network.ports import LocationRecord


@dataclass
class FakeNetwork:
    """Records in a dictionary; `before` is called with each save and may raise."""

    records: dict[str, LocationRecord] = field(default_factory=dict)
    saves: int = 0
    before: Callable[[], None] = lambda: None

    def find(self, location_id: str) -> LocationRecord | None:
        return self.records.get(location_id)

    def all(self) -> list[Location]:
        return [record.location for record in self.records.values()]

    def save(self, record: LocationRecord, previous: Location | None) -> None:
        self.before()
        found = self.records.get(record.location.location_id)
        if (found.location.version if found else None) != (previous.version if previous else None):
            raise CommitRefused((Conflict("location", record.location.location_id, None),))
        self.records[record.location.location_id] = record
        self.saves += 1
