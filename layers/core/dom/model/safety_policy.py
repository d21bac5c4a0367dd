"""Safety stock that follows demand: which positions keep how much of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dom.model.ids import Sku
from dom.model.location import Location
from dom.model.scope import Where

ANYWHERE = Where()


@dataclass(frozen=True, slots=True)
class SafetyPolicy:
    """Keep so much that with probability `level` stock lasts until more comes.

    That takes `lead_days` (their variance in days² is `lead_variance`). Never fewer than `least`
    units, nor more than `most`. For which goods and where: all that is given must hold, an empty
    set means any. `why`: for people.
    """

    id: str
    level: float
    lead_days: float
    lead_variance: float = 0.0
    least: int = 0
    most: int | None = None
    skus: frozenset[Sku] = frozenset()
    categories: frozenset[str] = frozenset()
    where: Where = ANYWHERE
    why: str = ""
    version: int = field(default=0, compare=False)

    def holds(self, sku: Sku, category: str, location: Location) -> bool:
        """Whether it is for that SKU there."""
        return (
            (not self.skus or sku in self.skus)
            and (not self.categories or category in self.categories)
            and self.where.holds(location)
        )

    @property
    def rank(self) -> tuple[int, int, float, str]:
        """The greatest wins: the more specific by goods, then by place; of equals the safer."""
        goods = 2 if self.skus else 1 if self.categories else 0
        place = 2 if self.where.locations else 0 if self.where == ANYWHERE else 1
        return goods, place, self.level, self.id

    def within(self, units: int) -> int:
        """So many units, but not fewer than `least` nor more than `most`."""
        units = max(self.least, units)
        return units if self.most is None else min(self.most, units)


def policy_for(
    sku: Sku, category: str, location: Location, policies: Iterable[SafetyPolicy]
) -> SafetyPolicy | None:
    """The one that counts there, or None: then safety stock stays as somebody set it."""
    mine = [one for one in policies if one.holds(sku, category, location)]
    return max(mine, key=lambda one: one.rank) if mine else None
