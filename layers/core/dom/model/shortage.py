"""Units that are spoken for at a location and not there, until they are or go elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dom.model.ids import LocationId, Sku


@dataclass(frozen=True, slots=True)
class Shortage:
    """`units` of a SKU are missing there `since` then; what could be moved elsewhere was."""

    sku: Sku
    location_id: LocationId
    units: int
    since: datetime
