"""What a warehouse says of work that it has, whichever way it says it (X12, CSV)."""

from __future__ import annotations

from dataclasses import dataclass

from dom.errors import InvalidInput
from dom.model.fulfillment import RejectReason
from dom.model.ids import LocationId, Sku


@dataclass(frozen=True, slots=True)
class UnitsTold:
    """Units of an order line, or of a SKU where no line is named. `where`: what said so."""

    quantity: int
    line_id: str = ""
    sku: Sku | None = None
    where: str = "lines"

    def wrong(self, reason: str) -> InvalidInput:
        """The error that names what said so."""
        return InvalidInput(self.where, reason)


@dataclass(frozen=True, slots=True)
class ParcelTold:
    """A parcel and, where somebody says, what is in it."""

    tracking_number: str = ""
    carrier: str = ""
    units: tuple[UnitsTold, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkNamed:
    """Which work is meant: `number` is a FulfillmentOrder's id or an order's; of an order it is
    what one of `locations` has of it.
    """

    number: str
    locations: frozenset[LocationId]


@dataclass(frozen=True, slots=True)
class ShipmentTold:
    """Units left. `whole`: what it does not name of the work stays behind, for `reason`; else more
    may be told, and a parcel that is told again is the same one.
    """

    work: WorkNamed
    units: tuple[UnitsTold, ...]
    parcels: tuple[ParcelTold, ...] = ()
    whole: bool = True
    reason: RejectReason = RejectReason.MISMATCH


@dataclass(frozen=True, slots=True)
class RejectionTold:
    """A line that does not leave, all of it that was not told to have left."""

    work: WorkNamed
    line: UnitsTold
    reason: RejectReason


@dataclass(frozen=True, slots=True)
class AcceptanceTold:
    """The work was taken on."""

    work: WorkNamed
