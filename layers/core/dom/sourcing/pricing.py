"""What a parcel is priced by: its contents, its way, and what is peculiar to its location."""

from __future__ import annotations

from typing import NamedTuple

from dom.model.location import Location
from dom.model.order import Method
from dom.model.rules import Handling

# Units by line number.
Items = tuple[tuple[int, int], ...]


class Goods(NamedTuple):
    """What one unit of a line is worth where it lies, in minor units.

    `keep`: to later orders; `credit`: to be rid of. `reject`: percent of parcels with it that are
    rejected there. `kind`: the same number for lines of one SKU.
    """

    keep: int = 0
    credit: int = 0
    reject: int = 0
    kind: int = 0


class Local(NamedTuple):
    """Prices that only some locations have. `goods` by line number; without any it is empty.

    `parcel` and `unit` are the surcharges of rules. `pressure`: slots used too early, as a
    fraction (its two parts).
    """

    parcel: int = 0
    unit: int = 0
    pressure: tuple[int, int] = (0, 1)
    goods: tuple[Goods, ...] = ()


USUAL = Local()


class Group(NamedTuple):
    """Locations for which a parcel's price depends on the distance only, and never falls with it.

    `days` of waiting by zone. `method`: how goods leave it. A location with a price of its own
    belongs in a group of its own.
    """

    members: int
    handling: Handling
    days: tuple[int, ...]
    cross_border: bool
    method: Method = Method.SHIP
    local: Local = USUAL


class Parcel(NamedTuple):
    """What a price is asked for: the contents, the way, and who packs it.

    `bulk`: its volume in cm3. `items` are only there where `local` has prices of goods.
    """

    metres: int | None
    zone: int
    grams: int
    units: int
    days: int
    handling: Handling
    cross_border: bool
    method: Method
    bulk: int = 0
    local: Local = USUAL
    items: Items = ()


class Journey(NamedTuple):
    """How a demand's goods travel. `country`: where to; `store`: the place they are collected at
    although they may come from elsewhere, and its bit."""

    method: Method
    country: str
    store: Location | None = None
    store_bit: int = 0

    def by(self, place: int) -> Method:
        """How goods leave location number `place`: the store's own are simply collected."""
        return Method.PICKUP if self.store_bit >> place & 1 else self.method
