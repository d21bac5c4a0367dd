"""Controls: what of the stock is not sold though it is there, or is sold before it is there.

They limit what channels, promises and carts may sell, and nothing else: an order that exists is
routed to whatever stock there is. Safety stock is apart: it is part of a position, and kept from
routing, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dom.model.clock import to_text
from dom.model.ids import Sku
from dom.model.location import Location
from dom.model.scope import Where

ANYWHERE = Where()
NOTHING: Mapping[str, int] = {}


class ControlKind(StrEnum):
    """EXCLUDE: nothing of a position is sold. BUFFER: so many units of each position are not.
    THRESHOLD: so many units of what is left over all locations are not. RING_FENCE: so many units
    of each SKU are for its channels alone, less what they have sold since it began. BACKORDER keeps
    nothing back: so many units beyond what is there may be promised, of what is on its way.
    """

    EXCLUDE = "exclude"
    BUFFER = "buffer"
    THRESHOLD = "threshold"
    RING_FENCE = "ring_fence"
    BACKORDER = "backorder"


# Of all locations together.
POOLED = frozenset({ControlKind.THRESHOLD, ControlKind.RING_FENCE, ControlKind.BACKORDER})
# Units sold of ring-fences, by the name of each.
Sold = Mapping[str, int]


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
            and self._is_for_channel(sale.channel)
            and self.lasts(sale.at)
        )

    def _is_for_channel(self, channel: str) -> bool:
        """A ring-fence concerns those channels that it is not for."""
        if self.kind is ControlKind.RING_FENCE:
            return channel not in self.channels
        return not self.channels or channel in self.channels

    def lasts(self, at: datetime) -> bool:
        """Whether it is in force at that instant."""
        began = self.starts_at is None or self.starts_at <= at
        return began and (self.ends_at is None or at < self.ends_at)

    @property
    def fence(self) -> str:
        """Names a ring-fence by its beginning, too: one that begins anew has sold nothing yet."""
        return f"{self.id}@{to_text(self.starts_at) if self.starts_at else ''}"

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
    sale: Sale,
    shelves: Shelves,
    controls: Sequence[Control],
    sold: Sold = NOTHING,
    *,
    pooled: bool = True,
) -> int:
    """Units that are there and not sold. `shelves`: available units of the positions; `sold`: what
    ring-fences have sold of this SKU.

    At each position an exclusion beats every buffer, and of the buffers one counts: that of the
    greatest `Control.rank`; likewise of the thresholds. Ring-fences are added up: each is somebody
    else's. What is of all locations together counts where `pooled`.
    """
    mine = [control for control in controls if control.is_for(sale)]
    if not mine:
        return 0
    local = [one for one in mine if one.kind not in POOLED]
    whole = [one for one in mine if one.kind is ControlKind.THRESHOLD]
    back = sum(_kept_at(place, max(0, units), local) for place, units in shelves) if local else 0
    if not pooled:
        return back
    fenced = (one for one in mine if one.kind is ControlKind.RING_FENCE)
    back += sum(max(0, one.units - sold.get(one.fence, 0)) for one in fenced)
    return back + (max(whole, key=lambda one: one.rank).units if whole else 0)


def fences_of(sku: Sku, controls: Iterable[Control]) -> list[str]:
    """The ring-fences of a SKU, whether or not they are in force."""
    fences = (one for one in controls if one.kind is ControlKind.RING_FENCE)
    return [one.fence for one in fences if sku in one.skus]


def fence_for(sku: Sku, channel: str, at: datetime, controls: Iterable[Control]) -> str | None:
    """The ring-fence that a sale of that channel draws on; of several the one of most units."""
    mine = [
        one
        for one in controls
        if one.kind is ControlKind.RING_FENCE
        if sku in one.skus and channel in one.channels and one.lasts(at)
    ]
    return max(mine, key=lambda one: one.rank).fence if mine else None


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
