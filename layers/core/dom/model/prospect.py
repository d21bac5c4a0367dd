"""What an order that waits for stock may expect, and where it stands in the line for a SKU."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dom.model.supply import SupplyId


@dataclass(frozen=True, slots=True)
class Prospect:
    """The first day on which its units can leave, and the order that brings the last of them.

    `on` None: nothing that is on its way reaches so far, or nobody knows its day. `by` None: it is
    the day of a release. `until`: by when the customer has what leaves then.
    """

    on: date | None = None
    by: SupplyId | None = None
    until: datetime | None = None

    def same_as(self, other: Prospect | None) -> bool:
        """Whether the same order brings it on the same day."""
        return other is not None and (self.on, self.by) == (other.on, other.by)


UNKNOWN = Prospect()


@dataclass(frozen=True, slots=True)
class Wait:
    """An order's place in the line for a SKU: `rank` sorts the line, `units` are those it lacks.

    `prospect` None: nobody has looked yet.
    """

    rank: str
    units: int
    prospect: Prospect | None = None
