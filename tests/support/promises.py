"""A network with stock, and what it promises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from dom.model.cart import Cart, CartLine, Promise
from dom.model.commit import Commit
from dom.model.control import Control
from dom.model.geo import Coordinates, Destination
from dom.model.ids import LocationId, Sku
from dom.model.incoming import Incoming
from dom.model.location import Location
from dom.model.location_state import LocationState
from dom.model.rules import RuleSet
from dom.promise.ats import available_to_sell
from dom.promise.ports import Promising
from dom.promise.promise import promise
from support.builders import NOW, line, order
from support.fakes import FakeLedger, FakePlaces, FakeReservations, frozen

SACRAMENTO = Coordinates(38.58, -121.49)
HOME = Destination("US", "95814", "CA", "Sacramento", SACRAMENTO)


@dataclass
class CountingPlaces(FakePlaces):
    """Remembers whose states were read."""

    reads: list[list[str]] = field(default_factory=list)

    def states(self, location_ids: Iterable[str]) -> dict[str, LocationState]:
        wanted = list(location_ids)
        self.reads.append(wanted)
        return super().states(wanted)


@dataclass
class Shop:
    """A network with stock, and what it promises."""

    locations: tuple[Location, ...]
    ledger: FakeLedger = field(default_factory=FakeLedger)
    now: datetime = NOW
    rules: RuleSet = field(default_factory=RuleSet)
    controls: tuple[Control, ...] = ()
    coming: dict[Sku, tuple[Incoming, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ledger.open(*self.locations)
        self.places = CountingPlaces(self.ledger, self.locations)

    @property
    def ports(self) -> Promising:
        reservations = FakeReservations(self.ledger)
        return Promising(
            self.ledger,
            self.places,
            reservations,
            frozen(self.now),
            self.rules,
            lambda: self.controls,
            lambda skus: {Sku(x): self.coming[Sku(x)] for x in skus if x in self.coming},
            self.ledger.sold,
        )

    def promise(self, *lines: tuple[str, int], to: Destination = HOME) -> Promise:
        wanted = tuple(CartLine(Sku(sku), quantity, 300) for sku, quantity in lines)
        return promise(Cart(wanted, to), self.ports)

    def queue(self, sku: str, units: int) -> None:
        """An order that waits for a location, written as intake does."""
        name = f"ord_{len(self.ledger.orders)}"
        one = order(name, line("1", sku, units), version=0)
        self.ledger.commit(Commit(name, self.now, "test", orders=(one,)))

    def await_supply(self, sku: str, place: str, *units: tuple[date | None, int]) -> None:
        """Units that should come there, each on its day."""
        some = tuple(Incoming(LocationId(place), number, day) for day, number in units)
        self.coming[Sku(sku)] = (*self.coming.get(Sku(sku), ()), *some)

    def ats(self, sku: str, channel: str = "shopify") -> int:
        return available_to_sell(Sku(sku), channel, self.ports).units
