"""Locations that use their day's capacity up before the day does: a price that needs no forecast.

A location on pace has used, at any moment of its local day, at most the share of its slots that the
day's share is until its cut-off. What is used beyond that makes each further slot dearer.
"""

from __future__ import annotations

from datetime import datetime

from dom.model.ids import LocationId
from dom.model.rules import Service
from dom.sourcing.network import Network
from dom.sourcing.promise import cutoff_for, share_of_day
from dom.sourcing.supply import Supply

# Slots too many, as a fraction (its two parts).
Pressure = tuple[int, int]


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
        for key in supply.capacity_left:
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
        left = self.supply.capacity_left.get(key)
        if place is None:
            return
        self._pressed.pop(place, None)
        capacity = self._network.locations[place].daily_capacity
        if capacity is not None and left is not None:
            elapsed, span = self._share(place)
            over = (capacity - left) * span - capacity * elapsed
            if over > 0:
                self._pressed[place] = over, span

    def _share(self, place: int) -> Pressure:
        classes = zip(self._network.classes, self._shares, strict=True)
        return next(share for one, share in classes if one.members >> place & 1)
