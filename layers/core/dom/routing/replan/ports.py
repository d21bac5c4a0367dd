"""What a re-plan needs from outside, what it is asked, and what it answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.ids import LocationId
from dom.routing.ports import Routing
from dom.sourcing.plan import Assignment


class Page(Protocol):
    """Some of a location's work, and the cursor of what follows; None: that was all."""

    @property
    def works(self) -> tuple[FulfillmentOrder, ...]: ...  # noqa: D102

    @property
    def next(self) -> str | None: ...  # noqa: D102


class Works(Protocol):
    """The work of a location, page by page, each item read consistently."""

    def find(
        self, location_id: LocationId, status: FulfillmentStatus | None, cursor: str | None
    ) -> Page:
        """A page of it, oldest first."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a move must save: minor units for each order moved, and percent of their cost now."""

    least: int = 50
    percent: int = 2


@dataclass(frozen=True, slots=True)
class Replanning:
    """Ports and settings. `notice`: work this close to its release stays where it is."""

    routing: Routing
    works: Works
    threshold: Threshold = Threshold()
    notice: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Ask:
    """What to look at: `location_ids` (None: wherever work waits), at most `limit` works.

    Without `commit` nothing is changed. `least`: another threshold for each order moved.
    """

    location_ids: tuple[LocationId, ...] | None = None
    limit: int = 500
    least: int | None = None
    commit: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """One ship group that goes elsewhere: the work that ends, and what takes its place.

    `before` and `after` are priced at the same moment. `alone`: a lower bound of the whole group's
    cost, were no other order there, of `cost`, the whole group's cost after the move. `fewer` is
    what the parcels are worth that it has less (negative: more). `forced`: it cannot stay.
    """

    order_id: str
    ship_group_id: str
    currency: str
    works: tuple[FulfillmentOrder, ...]
    before: tuple[Assignment, ...]
    after: tuple[Assignment, ...]
    cost: int
    alone: int
    fewer: int = 0
    forced: bool = False

    @property
    def saved(self) -> int:
        """Minor units, in the terms of the rules; negative where it makes room for others."""
        return sum(one.cost for one in self.before) - sum(one.cost for one in self.after)

    @property
    def gain(self) -> int:
        """By the rules: what it saves, and the parcels that it has less."""
        return self.saved + self.fewer

    @property
    def cash_saved(self) -> int:
        """What of that is really paid: shipping and handling."""
        return sum(one.cash for one in self.before) - sum(one.cash for one in self.after)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Moves that are written together; `committed`: they were."""

    moves: tuple[Move, ...]
    committed: bool = False

    @property
    def saved(self) -> int:
        """Of all moves."""
        return sum(move.saved for move in self.moves)


@dataclass(slots=True)
class Report:
    """What was looked at and what would move (or has moved).

    `cost` is that of all work looked at, with these bundles; `bound`: none costs less with as many
    parcels. `kept`: ship groups that stay although the search moved them, and bundles that were not
    written, by reason. `not_looked_at`: locations of which some work was not read.
    """

    works: int = 0
    ship_groups: int = 0
    cost: int = 0
    bound: int = 0
    bundles: list[Bundle] = field(default_factory=list)
    kept: Counter[str] = field(default_factory=Counter)
    not_looked_at: tuple[LocationId, ...] = ()

    @property
    def gap(self) -> float:
        """Relative distance of the cost from its bound."""
        return round((self.cost - self.bound) / self.cost, 6) if self.cost > 0 else 0.0

    @property
    def saved(self) -> int:
        """By all bundles."""
        return sum(bundle.saved for bundle in self.bundles)
