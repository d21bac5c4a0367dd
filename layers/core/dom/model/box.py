"""A parcel of a shipment in which the work of several orders may travel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dom.model.fulfillment import FulfillmentOrder, Parcel
from dom.model.ids import FulfillmentOrderId

Units = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Box:
    """A parcel, and units in it by work and line; empty: nobody said, so it holds of all."""

    parcel: Parcel
    contents: Mapping[FulfillmentOrderId, Units] = field(default_factory=dict)

    def holds_of(self, work: FulfillmentOrder) -> bool:
        """Whether anything of the work may be in it."""
        return not self.contents or work.id in self.contents
