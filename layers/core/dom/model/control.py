"""Controls: what of the stock is not sold though it is there, or is sold before it is there.

They limit what channels, promises and carts may sell, and nothing else: an order that exists is
routed to whatever stock there is. Safety stock is apart: it is part of a position, and kept from
routing, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dom.model.ids import Sku
from dom.model.location import Location
from dom.model.scope import Where

ANYWHERE = Where()


class ControlKind(StrEnum):
    """EXCLUDE: nothing of a position is sold. BUFFER: so many units of each position are not.
    THRESHOLD: so many units of what is left over all locations are not. BACKORDER keeps nothing
    back: so many units beyond what is there may be promised, of what is on its way.
    """

    EXCLUDE = "exclude"
    BUFFER = "buffer"
    THRESHOLD = "threshold"
    BACKORDER = "backorder"


# Of all locations together.
POOLED = frozenset({ControlKind.THRESHOLD, ControlKind.BACKORDER})


@dataclass(frozen=True, slots=True)
class Control:
    """What is kept back, of what, from whom, and when: all that is given must hold, an empty set
    means any. From `starts_at` up to, but not including, `ends_at`. `why`: for people.
    """

    id: str
    kind: ControlKind
    units: int = 0
    skus: frozenset[Sku] = frozenset()
    categories: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    where: Where = ANYWHERE
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    why: str = ""
    version: int = field(default=0, compare=False)

    def is_for(self, sale: Sale) -> bool:
        """Whether it concerns that sale at all, wherever the stock lies."""
        return (
            (not self.skus or sale.sku in self.skus)
            and (not self.categories or sale.category in self.categories)
            and (not self.channels or sale.channel in self.channels)
            and (self.starts_at is None or self.starts_at <= sale.at)
            and (self.ends_at is None or sale.at < self.ends_at)
        )

    @property
    def rank(self) -> tuple[int, int, int, int, str]:
        """The greatest wins: the more specific by goods, then by place, then by channel; of equals
        the one that keeps back more.
        """
        goods = 2 if self.skus else 1 if self.categories else 0
        place = 2 if self.where.locations else 0 if self.where == ANYWHERE else 1
        return goods, place, 1 if self.channels else 0, self.units, self.id


@dataclass(frozen=True, slots=True)
class Sale:
    """Who would sell what, and when."""

    sku: Sku
    category: str
    channel: str
    at: datetime


Shelves = Iterable[tuple[Location, int]]


def kept_back(
    sale: Sale, shelves: Shelves, controls: Sequence[Control], *, pooled: bool = True
) -> int:
    """Units that are there and not sold. `shelves`: available units of the positions.

    At each position an exclusion beats every buffer, and of the buffers one counts: that of the
    greatest `Control.rank`; likewise of the thresholds, which count where `pooled`.
    """
    mine = [control for control in controls if control.is_for(sale)]
    if not mine:
        return 0
    local = [one for one in mine if one.kind not in POOLED]
    whole = [one for one in mine if one.kind is ControlKind.THRESHOLD]
    back = sum(_kept_at(place, max(0, units), local) for place, units in shelves) if local else 0
    return back + (max(whole, key=lambda one: one.rank).units if whole and pooled else 0)


def beyond_stock(sale: Sale, controls: Sequence[Control]) -> int:
    """Units that may be sold beyond what is there: of the backorder controls one counts, that of
    the greatest `Control.rank`; without one, none.
    """
    mine = [one for one in controls if one.kind is ControlKind.BACKORDER and one.is_for(sale)]
    return max(mine, key=lambda one: one.rank).units if mine else 0


def _kept_at(place: Location, units: int, controls: Sequence[Control]) -> int:
    here = [one for one in controls if one.where.holds(place)]
    if not here or not units:
        return 0
    if any(one.kind is ControlKind.EXCLUDE for one in here):
        return units
    return min(units, max(here, key=lambda one: one.rank).units)
