"""Where channels show our stock, and what they show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from dom.model.ids import Sku


class Capture(StrEnum):
    """When authorized money is captured, and the rest let go: never by us, as its goods leave, or
    all of it before the first of them is given to a location.
    """

    NEVER = "never"
    AT_SHIP = "at_ship"
    AT_RELEASE = "at_release"


@dataclass(frozen=True, slots=True)
class Outlet:
    """An account of a sales channel whose API we call.

    Its orders are compared with ours. All that it may sell of a SKU is shown at one `location` of
    its own, by the channel's id of it; "": it shows none of our stock. `pays_back`: what is
    cancelled here is taken off its order there, and refunded. `capture`: when what is only
    authorized of an order's money is captured there. `active` false: it is left alone for now.
    """

    channel: str
    account: str
    location: str = ""
    active: bool = True
    pays_back: bool = False
    capture: Capture = Capture.NEVER
    version: int = field(default=0, compare=False)

    @property
    def captures(self) -> bool:
        """Whether we take the money of its orders, if not now."""
        return self.capture is not Capture.NEVER

    @property
    def captures_early(self) -> bool:
        """Whether nothing of an order is given to a location before its money is taken: while it is
        paused, nothing leaves unpaid, either.
        """
        return self.capture is Capture.AT_RELEASE

    @property
    def shows_stock(self) -> bool:
        """Whether what may be sold is shown there."""
        return self.active and bool(self.location)


@dataclass(frozen=True, slots=True)
class Listing:
    """A SKU at an outlet. `item` is the channel's id of what holds its stock.

    `shown` is what we last saw or set there, `seen_at` since when it stands; None: never looked.
    """

    sku: Sku
    channel: str
    account: str
    item: str
    shown: int | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """An item is to show these units, if it still shows `seen`."""

    item: str
    seen: int
    units: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What a channel shows of an item at the outlet's location."""

    item: str
    sku: str
    units: int


class Shelf(Protocol):
    """What an outlet shows. Every method: Busy, not now; Rejected, not with these credentials."""

    def find(self, skus: Iterable[Sku]) -> Mapping[Sku, Sequence[str]]:
        """The items of each SKU that it knows."""

    def look(self, items: Sequence[str]) -> Mapping[str, int | None]:
        """What each item shows now; None: it is not stocked there."""

    def show(self, wishes: Sequence[Wish]) -> Mapping[str, str]:
        """Change what is shown; items that were not changed, and why ("": it showed another)."""

    def page(self, cursor: str) -> tuple[Sequence[Shown], str]:
        """Some of all that is stocked there, and the cursor of what follows ("": that was all)."""
