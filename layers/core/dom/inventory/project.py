"""The availability document: one per SKU, exact available units by location, from the positions.

A stream record is only a hint that something moved. What is written comes from consistent reads,
under the document's version, so that repeats, reordering and parallel shards end in one state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from dom.errors import Busy
from dom.inventory.each import failing
from dom.model.ids import LocationId, Sku

# A conflict means that another shard just wrote; each loser reads again.
ATTEMPTS = 8

Units = Mapping[LocationId, int]


@dataclass(frozen=True, slots=True)
class Availability:
    """Available units of a SKU by location (may be negative). `version` 0: not stored yet."""

    sku: Sku
    locations: Units = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True, slots=True)
class StockRecord:
    """What the projection takes from one stream record of a position, in units.

    `before` and `after` are its stored `available`; None: the position did not exist on that side.
    """

    sequence: str
    sku: Sku
    location_id: LocationId
    before: int | None
    after: int | None


class AvailabilityStore(Protocol):
    """Documents and the positions they are made of."""

    def document(self, sku: Sku) -> Availability:
        """The stored document, read consistently; an empty one of version 0 if there is none."""

    def available(self, sku: Sku, locations: Iterable[LocationId]) -> Units:
        """`available` of the positions that exist, read consistently."""

    def replace(self, document: Availability) -> bool:
        """Store it as version + 1 if the stored version is still its own; False if not."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A location whose figure in the document differed from its position; None: was not there."""

    sku: Sku
    location_id: LocationId
    document: int | None
    position: int | None


def touched(records: Iterable[StockRecord]) -> dict[Sku, set[LocationId]]:
    """Locations by SKU whose available quantity moved; the rest needs neither read nor write."""
    found: dict[Sku, set[LocationId]] = {}
    for record in records:
        if record.before != record.after:
            found.setdefault(record.sku, set()).add(record.location_id)
    return found


def project(sku: Sku, locations: Iterable[LocationId], store: AvailabilityStore) -> list[Drift]:
    """Bring the SKU's document in line with these positions; returns what differed.

    The document is read before the positions: who holds its newest version has then read
    positions at least as new as those it was made of, and a slower writer fails on the version.
    Busy when other writers win eight times in a row.
    """
    wanted = sorted(set(locations))
    for _ in range(ATTEMPTS):
        document = store.document(sku)
        drift = _drift(document, wanted, store.available(sku, wanted))
        if not drift or store.replace(_corrected(document, drift)):
            return drift
    raise Busy(f"availability of {sku} keeps changing")


def _drift(document: Availability, wanted: Iterable[LocationId], positions: Units) -> list[Drift]:
    pairs = ((one, document.locations.get(one), positions.get(one)) for one in wanted)
    return [Drift(document.sku, one, was, now) for one, was, now in pairs if was != now]


def _corrected(document: Availability, drift: Iterable[Drift]) -> Availability:
    changed = {each.location_id: each.position for each in drift}
    merged = {**document.locations, **changed}
    return replace(document, locations={k: v for k, v in merged.items() if v is not None})


def project_all(
    records: Sequence[StockRecord],
    store: AvailabilityStore,
    report: Callable[[Sku, Exception], None],
) -> list[str]:
    """Project every SKU that moved; a SKU that fails is reported and does not stop the others.

    Returns the sequence numbers of the records that must come again.
    """
    failed = failing(touched(records), lambda sku, at: project(sku, at, store), report)
    return [record.sequence for record in records if record.sku in failed]
