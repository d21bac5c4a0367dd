"""What a re-plan needs from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from dom.model.fulfillment import FulfillmentOrder, FulfillmentStatus
from dom.model.ids import LocationId
from dom.routing.ports import Routing
from dom.sourcing.joint.batch import Polish


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
    """Ports and settings. `notice`: work this close to its release stays where it is.

    `polish`: a solver that the joint search asks at its end.
    """

    routing: Routing
    works: Works
    threshold: Threshold = Threshold()
    notice: timedelta = timedelta(minutes=1)
    polish: Polish | None = None
