"""Locations that use their day's capacity up before the day does: a price that needs no forecast.

A location on pace has used, at any moment of its local day, at most the share of its slots that the
day's share is until its cut-off. What is used beyond that makes each further slot dearer. Effort
is paced alike, a slot being the work of one unit; the one that is farther ahead counts.
"""

from __future__ import annotations

from datetime import datetime

from dom.model.ids import LocationId
from dom.model.order import Method
from dom.model.rules import Service
from dom.sourcing.network import Network
from dom.sourcing.promise import cutoff_for, share_of_day
from dom.sourcing.supply import Supply

# Slots too many, as a fraction (its two parts).
Pressure = tuple[int, int]
NONE: Pressure = 0, 1


class Pacing:
    """Follows what a batch takes of a supply; the moment stays that of the batch."""

    def __init__(self, network: Network, service: Service, now: datetime, supply: Supply) -> None:
        self.supply = supply
        self._network = network
        self._shares = [
            share_of_day(now, one.timezone, cutoff_for(service, one.type))
            for one in network.classes
        ]
        self._pressed: dict[int, Pressure] = {}
        self._read = len(supply.slots_log)
        for key in {**supply.capacity_left, **supply.effort_left}:
            self._look(key)

    def pressed(self) -> dict[int, Pressure]:
        """By location number: slots beyond its pace, where there are any."""
        log = self.supply.slots_log
        for key in log[self._read :]:
            self._look(key)
        self._read = len(log)
        return self._pressed

    def _look(self, key: LocationId) -> None:
        place = self._network.index.get(key)
        if place is None:
            return
        location = self._network.locations[place]
        slots = self._ahead(place, location.daily_capacity, self.supply.capacity_left.get(key), 1)
        effort = NONE
        if location.daily_effort is not None:
            one = max(1, location.effort_rate(Method.SHIP).of([(1, 0)]))
            left = self.supply.effort_left.get(key)
            effort = self._ahead(place, location.daily_effort, left, one)
        most = effort if effort[0] * slots[1] > slots[0] * effort[1] else slots
        self._pressed.pop(place, None)
        if most[0] > 0:
            self._pressed[place] = most

    def _ahead(self, place: int, most: int | None, left: int | None, slot: int) -> Pressure:
        """What was used of a bound beyond the day's pace, in slots of that size."""
        if most is None or left is None:
            return NONE
        elapsed, span = self._share(place)
        return (most - left) * span - most * elapsed, span * slot

    def _share(self, place: int) -> Pressure:
        classes = zip(self._network.classes, self._shares, strict=True)
        return next(share for one, share in classes if one.members >> place & 1)
