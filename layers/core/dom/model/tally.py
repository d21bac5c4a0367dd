"""Counts of returns by SKU, location and customer, and of what suppliers do, by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum


class TallyScope(StrEnum):
    """Of what returns are counted: of a SKU or a location by month, of a customer by year.

    SUPPLIER: purchase orders of the location of a supplier, by the day they were sent on.
    """

    SKU = "sku"
    LOCATION = "location"
    CUSTOMER = "customer"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts to add, or as they stand. `key`: the SKU, the location, the digest of a customer.

    `counts` by name: `units`, `reason#<reason>`, `condition#<condition>`, `missing`, `wrong`; of a
    customer also `returns`. Those of suppliers: `dom.model.scorecard`.
    """

    scope: TallyScope
    key: str
    period: str
    counts: Mapping[str, int] = field(default_factory=dict)

    def count(self, name: str) -> int:
        """The count of that name; 0 if nothing was counted."""
        return self.counts.get(name, 0)

    def plus(self, more: Mapping[str, int]) -> Tally:
        """The tally with more added."""
        names = {*self.counts, *more}
        counts = {name: self.count(name) + more.get(name, 0) for name in sorted(names)}
        return Tally(self.scope, self.key, self.period, counts)


def period_of(scope: TallyScope, at: datetime) -> str:
    """The month (`2026-03`) or, of customers, the year (`2026`) that an instant counts in, UTC.

    Of suppliers the day (`2026-03-04`).
    """
    forms = {TallyScope.CUSTOMER: "%Y", TallyScope.SUPPLIER: "%Y-%m-%d"}
    return at.astimezone(UTC).strftime(forms.get(scope, "%Y-%m"))
