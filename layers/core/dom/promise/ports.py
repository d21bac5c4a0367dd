"""What the stage needs from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import uuid4

from dom.model.clock import Clock
from dom.model.commit import Ledger
from dom.model.control import Control, Sold
from dom.model.ids import Sku
from dom.model.incoming import Coming, Incoming
from dom.model.product import Assortment
from dom.model.reservation import Reservation
from dom.model.rules import RuleSet
from dom.model.stock import Position
from dom.sourcing.network import Network

# What is known of some SKUs, and their unallocated demand.
Offer = tuple[Assortment, dict[str, int]]


class Stock(Protocol):
    """Availability documents: one for each SKU, whatever the number of locations."""

    def availability(self, skus: Iterable[str]) -> dict[str, dict[str, int]]:
        """Available units by location, for each SKU; one batch read."""

    def offer(self, skus: Iterable[str]) -> Offer:
        """The same with facts of products, and the units of each SKU that are sold but set aside
        nowhere yet; one batch read too.
        """


class Positions(Stock, Protocol):
    """Documents as a hint, positions as the truth."""

    def positions_of(self, pairs: Iterable[tuple[str, str]]) -> list[Position]:
        """The positions that exist among these (sku, location_id)."""


class Reservations(Protocol):
    """Consistent reads of reservations."""

    def load(self, reservation_id: str) -> Reservation | None:
        """The reservation, or None."""

    def expired(
        self, skus: Iterable[str], now: datetime, most: int | None = None
    ) -> list[Reservation]:
        """Held ones of these SKUs whose time is over, but whose units are still reserved.

        The oldest first; of each SKU at most so many.
        """

    def due(self, now: datetime) -> list[Reservation]:
        """Held ones whose time is over, of any SKU; as many as one sweep can handle."""


class State(Protocol):
    """What changes of a location by the minute."""

    @property
    def open(self) -> bool:
        """Whether it takes work right now."""

    def left_on(self, day: date) -> int | None:
        """FulfillmentOrders it still takes on that local day; None: unbounded."""

    def effort_on(self, day: date) -> int | None:
        """Effort units it still takes on that local day; None: unbounded."""


class Places(Protocol):
    """The network and its state: routing's own, so that a promise is what routing will find."""

    def network(self, known: Iterable[str] = ()) -> Network:
        """The network, at most some seconds old, and never without the `known` locations."""

    def states(self, location_ids: Iterable[str]) -> Mapping[str, State]:
        """The states that exist among these locations."""


# What of the stock is not sold just now.
Controls = Callable[[], Sequence[Control]]


# Units sold of ring-fences, by SKU and their names: one batch read.
SoldOf = Callable[[Iterable[tuple[Sku, str]]], Mapping[Sku, Sold]]


def nothing(skus: Iterable[str]) -> Mapping[Sku, Sequence[Incoming]]:
    """Nothing is on its way."""
    return {}


def unsold(fences: Iterable[tuple[Sku, str]]) -> Mapping[Sku, Sold]:
    """Nothing was sold."""
    return {}


@dataclass(frozen=True, slots=True)
class Promising:
    """Ports of promises and ATS. `rules` are the rules that routing has now."""

    stock: Positions
    places: Places
    reservations: Reservations
    clock: Clock
    rules: RuleSet
    controls: Controls = tuple
    coming: Coming = nothing
    sold_of: SoldOf = unsold


def _random() -> str:
    return uuid4().hex


@dataclass(frozen=True, slots=True)
class Holding:
    """Ports of reservations. `new_id` names what comes without a key of its caller."""

    stock: Positions
    places: Places
    reservations: Reservations
    ledger: Ledger
    clock: Clock
    new_id: Callable[[], str] = _random
    controls: Controls = tuple
    sold_of: SoldOf = unsold
