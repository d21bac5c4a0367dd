"""What is asked and what is answered: a cart, and the ways in which it can reach the customer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from dom.model.geo import Destination
from dom.model.ids import LocationId, Sku
from dom.model.incoming import OnDay
from dom.model.money import Money
from dom.model.order import Method

Units = tuple[tuple[Sku, int], ...]


class OfKit(NamedTuple):
    """Which kit a line is of: the SKU that was asked for, by its line's number, and units of the
    line in one kit.
    """

    sku: Sku
    line: int
    units: int


@dataclass(frozen=True, slots=True)
class CartLine:
    """Units of a SKU, weight and price (minor units) of one.

    Unknown weight (0) is the product's; if that is not known either, it is priced as the lightest.
    `of`: it is a component of a kit that was asked for.
    """

    sku: Sku
    quantity: int
    grams: int = 0
    value_minor: int = 0
    of: OfKit | None = None


@dataclass(frozen=True, slots=True)
class Cart:
    """What somebody would like to have, and where. `channel` and `tier` are what rules name."""

    lines: tuple[CartLine, ...]
    destination: Destination
    currency: str = "USD"
    channel: str = ""
    tier: str = ""

    def units(self) -> dict[Sku, int]:
        """Units by SKU over all lines."""
        total: dict[Sku, int] = {}
        for line in self.lines:
            total[line.sku] = total.get(line.sku, 0) + line.quantity
        return total

    def asked(self) -> dict[Sku, int]:
        """Units by SKU as they were asked for: whole kits, not their components."""
        total: dict[Sku, int] = {}
        for line in self.lines:
            if line.of is None:
                total[line.sku] = total.get(line.sku, 0) + line.quantity
        for of, kits in self.kits().items():
            total[of.sku] = total.get(of.sku, 0) + kits
        return total

    def kits(self) -> dict[OfKit, int]:
        """Whole kits, by the kit's line (`units` 0)."""
        made: dict[OfKit, int] = {}
        for line in self.lines:
            if line.of:
                kits = line.quantity // line.of.units
                name = line.of._replace(units=0)
                made[name] = min(made.get(name, kits), kits)
        return made

    def without(self, units: Mapping[Sku, int]) -> Cart:
        """The cart without so many units of each SKU, taken from its last lines first."""
        left, kept = dict(units), list[CartLine]()
        for line in reversed(self.lines):
            gone = min(left.get(line.sku, 0), line.quantity)
            left[line.sku] = left.get(line.sku, 0) - gone
            if gone < line.quantity:
                kept.append(replace(line, quantity=line.quantity - gone))
        return replace(self, lines=tuple(reversed(kept)))


@dataclass(frozen=True, slots=True)
class Option:
    """One way to get `lines` (units by SKU), from one location or several.

    `delivers_by`: until then the customer has all of it, or can collect it. `cost` is what it
    costs us (shipping and handling), as stored with the FulfillmentOrders that routing will make.
    `available_on`: the day on which the last of it, which is still to come, can leave.
    """

    method: Method
    location_ids: tuple[LocationId, ...]
    ships_by: datetime
    delivers_by: datetime
    cost: Money
    co2e_grams: int
    lines: Units
    available_on: date | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """Options, and the units of each SKU that no option covers."""

    options: tuple[Option, ...]
    unavailable: Units


@dataclass(frozen=True, slots=True)
class Ats:
    """Available to sell, in units, as seen at an instant.

    `later`: what can be promised by day, all before it included. `backorder`: units beyond `units`
    that may be sold already.
    """

    sku: Sku
    channel: str
    units: int
    as_of: datetime
    later: tuple[OnDay, ...] = ()
    backorder: int = 0


def uncovered(cart: Cart, options: Iterable[Option]) -> Units:
    """Units by SKU that are in no option."""
    best: dict[Sku, int] = {}
    for option in options:
        for sku, units in option.lines:
            best[sku] = max(best.get(sku, 0), units)
    left = ((sku, units - best.get(sku, 0)) for sku, units in cart.asked().items())
    return tuple((sku, units) for sku, units in left if units > 0)
