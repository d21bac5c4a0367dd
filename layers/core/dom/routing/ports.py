"""What the stage needs from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from dom.model.clock import Clock
from dom.model.commit import Ledger, PlanRecord
from dom.model.ids import Sku
from dom.model.location_state import LocationState
from dom.model.order import Order
from dom.model.product import Assortment
from dom.model.queue import Waiting
from dom.model.rules import RuleSet
from dom.model.shadow import ShadowDecision
from dom.model.stock import Position
from dom.routing.evidence import Archive
from dom.sourcing.network import Network


class Orders(Protocol):
    """Consistent reads of orders."""

    def load(self, order_id: str) -> Order | None:
        """The order, or None."""

    def load_many(self, order_ids: Iterable[str]) -> list[Order]:
        """The orders that exist among these ids."""

    def plan(self, order_id: str, plan_id: str) -> PlanRecord | None:
        """The record of a plan committed in steps, or None."""


class Stock(Protocol):
    """Availability documents (a hint) and positions (the truth)."""

    def availability(self, skus: Iterable[str]) -> dict[str, dict[str, int]]:
        """Available units by location, for each SKU."""

    def assortment(self, skus: Iterable[str]) -> Assortment:
        """As `availability`, with the facts of the products that are described, in one read."""

    def positions_of(self, pairs: Iterable[tuple[str, str]]) -> list[Position]:
        """The positions that exist among these (sku, location_id)."""


class Places(Protocol):
    """The network and its state."""

    def network(self, known: Iterable[str] = ()) -> Network:
        """The network, at most some seconds old, and never without the `known` locations."""

    def states(self, location_ids: Iterable[str]) -> dict[str, LocationState]:
        """The states that exist among these locations, read consistently."""


class Lines(Protocol):
    """The lines of orders that wait for SKUs (`dom.model.queue`)."""

    def lengths(self, skus: Iterable[str]) -> Mapping[Sku, int]:
        """Units that stand in line for those of the SKUs that anybody waits for: a batch read."""

    def ahead(self, sku: str, rank: str, most: int) -> Sequence[Waiting]:
        """The first orders in line that stand before that rank."""

    def first(self, sku: str, most: int) -> Sequence[Waiting]:
        """The first orders in line."""


class Shadows(Protocol):
    """Where shadow decisions are kept."""

    def record(self, decisions: Sequence[ShadowDecision]) -> None:
        """Write them beside the decisions that they are about."""


@dataclass(frozen=True, slots=True)
class Shadow:
    """The rules to try, and where to record what they do."""

    rules: RuleSet
    book: Shadows


@dataclass(frozen=True, slots=True)
class Routing:
    """Ports and settings. `rules`: those that this run decides with; `shadow`: those to try beside.

    `release_after`: how long work of warehouses stays movable;
    `look_again_after`: when a backorder is tried next if nothing else wakes it; `give_up_after`:
    how long it waits before it is cancelled (None: for ever); `choose_within`: how long a customer
    may choose another way for a pickup that sold out. Without an
    `archive` decisions cannot be replayed; without `lines` nobody is let go first.
    """

    orders: Orders
    stock: Stock
    places: Places
    ledger: Ledger
    clock: Clock
    rules: RuleSet
    release_after: timedelta = timedelta()
    look_again_after: timedelta = timedelta(minutes=15)
    shadow: Shadow | None = None
    archive: Archive | None = None
    lines: Lines | None = None
    give_up_after: timedelta | None = None
    choose_within: timedelta = timedelta(days=3)
