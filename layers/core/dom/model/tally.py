"""Counts of returns by SKU, by location that sent the goods, and by customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum


class TallyScope(StrEnum):
    """Of what returns are counted. Of a SKU or a location by month, of a customer by year."""

    SKU = "sku"
    LOCATION = "location"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts to add, or as they stand. `key`: the SKU, the location, the digest of a customer.

    `counts` by name: `units`, `reason#<reason>`, `condition#<condition>`, `missing`, `wrong`; of a
    customer also `returns`.
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
    """The month (`2026-03`) or, of customers, the year (`2026`) that an instant counts in, UTC."""
    return f"{at.astimezone(UTC):%Y}" if scope is TallyScope.CUSTOMER else f"{at:%Y-%m}"
