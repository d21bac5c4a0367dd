"""Positions are the sum of their movements: find where they are not, and put it right on request.

The ledger is the truth. A repair sets the position to the sum under its version; it writes no
movement and changes none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from dom.errors import Busy
from dom.model.ids import LocationId, Sku
from dom.model.stock import Totals

# Whoever moves the position between the first and the last read makes us read again.
ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Held:
    """A position as stored, in units: `available` is stored beside the figures it follows from."""

    figures: Totals
    available: int
    version: int


@dataclass(frozen=True, slots=True)
class StockDrift:
    """A position that differs from the sum of its movements; `position` None: it is not there."""

    sku: Sku
    location_id: LocationId
    position: Held | None
    ledger: Totals


class LedgerBook(Protocol):
    """Positions with the movements that made them."""

    def held(self, sku: Sku, location_id: LocationId) -> Held | None:
        """The position, read consistently."""

    def read(self, sku: Sku, location_id: LocationId) -> tuple[Held | None, Totals]:
        """The position and then the sum of its movements of all months, read consistently.

        Holds one page of movements at a time.
        """

    def correct(self, sku: Sku, location_id: LocationId, found: Held | None, right: Totals) -> bool:
        """Set the position to these figures if it still is as found; False if it moved."""


def audit_position(
    sku: Sku, location_id: LocationId, book: LedgerBook, repair: bool = False
) -> StockDrift | None:
    """The drift of one position, None if it has none; with `repair` it is set right, too.

    A difference counts only if the position is the same before and after the sum was taken, since
    movements are written in the transaction that moves the position. Busy: it moved eight times in
    a row.
    """
    for _ in range(ATTEMPTS):
        found, right = book.read(sku, location_id)
        if _agrees(found, right):
            return None
        if book.held(sku, location_id) != found:
            continue
        if not repair or book.correct(sku, location_id, found, right):
            return StockDrift(sku, location_id, found, right)
    raise Busy(f"the position of {sku} at {location_id} keeps moving")


def _agrees(found: Held | None, right: Totals) -> bool:
    if found is None:
        return right == Totals()
    return (found.figures, found.available) == (right, right.available)


Report = Callable[[Sku, LocationId, StockDrift | Exception], None]


def audit_all(
    places: Iterable[tuple[Sku, LocationId]],
    book: LedgerBook,
    repair: bool,
    report: Report,
    go_on: Callable[[], bool] = lambda: True,
) -> dict[str, int]:
    """Audit positions until `go_on` says no; one that fails is reported and stops no other.

    Counts by the metric's name: `AuditFailures` is those that kept moving or could not be
    read; `AuditUnfinished` is 1 when the time ran out.
    """
    done = {
        "AuditedPositions": 0,
        "InventoryDrift": 0,
        "AuditFailures": 0,
        "AuditUnfinished": 0,
    }
    for sku, location_id in places:
        if not go_on():
            done["AuditUnfinished"] = 1
            break
        done["AuditedPositions"] += 1
        try:
            found: StockDrift | Exception | None = audit_position(sku, location_id, book, repair)
        except Exception as error:  # whatever it was, the other positions are audited
            found = error
        if found is not None:
            done["AuditFailures" if isinstance(found, Exception) else "InventoryDrift"] += 1
            report(sku, location_id, found)
    return done
