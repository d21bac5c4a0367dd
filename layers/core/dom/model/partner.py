"""Partners that exchange files with us: warehouses of others (3PL), and the systems of our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dom.model.fulfillment import RejectReason
from dom.model.ids import LocationId, Sku

# Which of its names of an item we know it by: of our own number first, then the vendor's, the
# buyer's, and what is printed on it.
QUALIFIERS = ("SK", "VN", "VP", "VA", "IN", "BP", "UP", "EN", "UK", "UI", "UA")
# Units of measure that are one unit of ours, and those of which the case pack is asked.
EACH = frozenset({"", "EA", "EACH", "UN", "PC", "PCS", "PCE"})
CASES = frozenset({"CA", "CS", "CT", "CASE"})


class PartnerFormat(StrEnum):
    """How its files are written."""

    X12 = "x12"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Who is meant in an interchange: the qualifier of the id, and the id. `group_id`: as groups
    name it, if otherwise.
    """

    qualifier: str
    id: str
    group_id: str = ""


@dataclass(frozen=True, slots=True)
class Partner:
    """How files of a partner are read, and written for it.

    It speaks for `location_id`, or for `locations`: its names of them to ours. `skus`: its names of
    items to ours, where they differ; `qualifiers`: which name counts, the first that is there.
    `case_packs`: units of a SKU in a case. `zone`: of its times that say none. `short_reason`: why
    units stayed behind that it does not ship; `reject_reasons`: its words for why, to ours.
    `snapshots`, `changes`: the feed sources (NDJSON) that its stock goes to; `supplier`: what its
    announced goods are bought from. `columns`: our names of a CSV file's columns to its own.
    `ours`, `theirs`: who is who in interchanges; without `theirs` any sender is believed. `test`:
    its interchanges are marked as tests, and so are ours.
    """

    id: str
    format: PartnerFormat
    location_id: LocationId | None = None
    locations: Mapping[str, LocationId] = field(default_factory=dict)
    skus: Mapping[str, Sku] = field(default_factory=dict)
    qualifiers: tuple[str, ...] = QUALIFIERS
    case_packs: Mapping[Sku, int] = field(default_factory=dict)
    zone: str = "UTC"
    short_reason: RejectReason = RejectReason.MISMATCH
    reject_reasons: Mapping[str, RejectReason] = field(default_factory=dict)
    snapshots: str = ""
    changes: str = ""
    supplier: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ","
    encoding: str = "utf-8"
    ours: Mailbox | None = None
    theirs: Mailbox | None = None
    test: bool = False
    active: bool = True
    version: int = field(default=0, compare=False)

    @property
    def places(self) -> frozenset[LocationId]:
        """The locations that it speaks for."""
        own = {self.location_id} if self.location_id else set()
        return frozenset({*own, *self.locations.values()})
