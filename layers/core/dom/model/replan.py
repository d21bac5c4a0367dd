"""What a re-plan is asked and what it answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from dom.model.fulfillment import FulfillmentLine, FulfillmentOrder
from dom.model.ids import LocationId, OrderId


@dataclass(frozen=True, slots=True)
class Ask:
    """What to look at: `location_ids` (None: wherever work waits), and about how many works.

    `cursor`: where to go on in the first of them. Without `commit` nothing is changed. `least`:
    another threshold for each order moved.
    """

    location_ids: tuple[LocationId, ...] | None = None
    cursor: str | None = None
    limit: int = 500
    least: int | None = None
    commit: bool = False


@dataclass(frozen=True, slots=True)
class Rest:
    """What was not looked at: these locations, the first of them from the cursor on."""

    location_ids: tuple[LocationId, ...]
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class NewParcel:
    """What a location would send in the place of work that ends."""

    location_id: LocationId
    lines: tuple[FulfillmentLine, ...]
    distance_km: float | None
    co2e_grams: int
    delivers_by: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """One ship group that goes elsewhere: the work that ends, and what takes its place.

    `saved` is in the terms of the rules, `cash_saved` what of it is really paid (shipping and
    handling); negative where it makes room for others. `forced`: it cannot stay.
    """

    order_id: OrderId
    ship_group_id: str
    currency: str
    ends: tuple[FulfillmentOrder, ...]
    begins: tuple[NewParcel, ...]
    saved: int
    cash_saved: int
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """Moves that are written together or not at all; `committed`: they were."""

    moves: tuple[Moved, ...]
    committed: bool = False

    @property
    def saved(self) -> int:
        """Of all moves."""
        return sum(move.saved for move in self.moves)


@dataclass(slots=True)
class Report:
    """What was looked at and what would move (or has moved). Money in minor units.

    `cost` is that of all work looked at, with these bundles; `bound`: none costs less with as many
    parcels. `kept`: ship groups that stay although the search moved them or they must not stay, by
    reason. `unkept`: why what it was made from could not be archived; those decisions cannot be
    replayed.
    """

    works: int = 0
    ship_groups: int = 0
    cost: int = 0
    bound: int = 0
    bundles: list[Bundle] = field(default_factory=list)
    kept: Counter[str] = field(default_factory=Counter)
    rest: Rest | None = None
    unkept: list[str] = field(default_factory=list)

    @property
    def gap(self) -> float:
        """Relative distance of the cost from its bound."""
        return round((self.cost - self.bound) / self.cost, 6) if self.cost > 0 else 0.0

    @property
    def moves(self) -> list[Moved]:
        """Of all bundles."""
        return [move for bundle in self.bundles for move in bundle.moves]

    @property
    def saved(self) -> int:
        """By all bundles."""
        return sum(bundle.saved for bundle in self.bundles)
