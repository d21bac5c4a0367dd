"""A location can do less of a day than it was given: the newest unpicked work goes elsewhere.

A person lowered its capacity: staff is ill, a line stands still. What it has beyond that is routed
again, until the rest of the day fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from dom.fulfillment.change import Change
from dom.fulfillment.ports import Floor
from dom.fulfillment.take_back import Works, back
from dom.fulfillment.unpicked import change_until, may_go, newest_first
from dom.model.choice import COUNTER
from dom.model.fulfillment import OVER_CAPACITY, FulfillmentOrder
from dom.model.ids import LocationId
from dom.model.location import Location
from dom.model.location_state import LocationState
from dom.model.order import Order

ACTOR = "capacity"
# Slots and effort units by local day.
Days = Mapping[date, tuple[int, int]]


class States(Protocol):
    """What is left of the days of locations."""

    def states(self, location_ids: Iterable[str]) -> Mapping[str, LocationState]:
        """The states that exist among these locations, read consistently."""


def lighten(location_id: LocationId, works: Works, states: States, floor: Floor) -> int:
    """Give back what is beyond the bounds of today and later days, the newest first.

    Returns what is still beyond them, in slots and effort units together: work that somebody picks,
    that a person gave it in spite of the bound, that a customer collects there or a supplier has
    said yes to. Each step is written only while the day is over its bound, so that two who see
    it do not move twice as much. Fifty works in one call: of more, ask again. Busy, after all
    others were tried: some work keeps changing.
    """
    location = floor.places.location(location_id)
    if location is None:
        return 0

    def over() -> Days:
        return _over(location, states, floor.clock())

    found = over()
    if not found:
        return 0
    newest = newest_first(location_id, works, lambda work: _helps(work, found))
    change_until(
        lambda: not over(),
        newest,
        lambda work, order: _given_back(work, order, location_id, over, floor),
        floor,
    )
    return sum(slots + effort for slots, effort in over().values())


def _over(location: Location, states: States, now: datetime) -> Days:
    """Slots and effort units beyond its bounds, by local day from today on."""
    state = states.states([location.location_id]).get(location.location_id)
    if state is None:
        return {}
    days = {*(state.left or {}), *(state.effort or {})}
    beyond = {
        day: (-min(state.left_on(day) or 0, 0), -min(state.effort_on(day) or 0, 0))
        for day in days
        if day >= location.local_date(now)
    }
    return {day: bounds for day, bounds in beyond.items() if any(bounds)}


def _helps(work: FulfillmentOrder, over: Days) -> bool:
    if work.capacity_day is None or work.by_hand or work.method in COUNTER:
        return False
    slots, effort = over.get(work.capacity_day, (0, 0))
    return bool(slots or (effort and work.effort))


def _given_back(
    work: FulfillmentOrder,
    order: Order,
    location_id: LocationId,
    over: Callable[[], Days],
    floor: Floor,
) -> Change | None:
    if not may_go(work, location_id) or not _helps(work, over()):
        return None
    change = back(work, order, OVER_CAPACITY, floor, ACTOR)
    return replace(change, while_over=True)
