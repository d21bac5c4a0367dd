"""The network for routing: cached for seconds, with open flags and capacity read when it counts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from dom.aws import keys
from dom.aws.network_store import NetworkStore
from dom.aws.reads import batch_get
from dom.model.clock import Clock, system_clock
from dom.model.location_state import LocationState, is_open, state_of
from dom.sourcing.network import Network

# Descriptions change by hand; what changes by the minute is in the states, which are not cached.
TTL_SECONDS = 5.0


@dataclass(slots=True)
class Places:
    """`dom.routing.ports.Places` on the Network table."""

    dynamodb: Any
    table: str
    monotonic: Callable[[], float] = time.monotonic
    clock: Clock = system_clock
    _network: Network = field(default_factory=lambda: Network({}))
    _read_at: float = float("-inf")

    def network(self, known: Iterable[str] = ()) -> Network:
        """The network; read again when it is older than the cache allows or lacks a known place."""
        fresh = self.monotonic() - self._read_at < TTL_SECONDS
        if not fresh or not set(known) <= self._network.index.keys():
            found = {
                one.location_id: one
                for one in NetworkStore(self.dynamodb, self.table, self.clock).all()
            }
            self._read_at = self.monotonic()
            if found != {one.location_id: one for one in self._network.locations}:
                self._network = Network(found)  # else it keeps the distances it has cached
        return self._network

    def backlogs(self, location_ids: Iterable[str]) -> dict[str, int]:
        """Returned units to inspect, of those of the locations that are open."""
        wanted, now = [keys.location_state(one) for one in location_ids], self.clock()
        found = batch_get(self.dynamodb, self.table, wanted)
        return {
            item["pk"].removeprefix("LOCATION#"): item.get("returning", 0)
            for item in found
            if is_open(item, now)
        }

    def states(self, location_ids: Iterable[str]) -> dict[str, LocationState]:
        """The states that exist among these locations, read consistently."""
        wanted = [keys.location_state(one) for one in location_ids]
        found = batch_get(self.dynamodb, self.table, wanted)
        now = self.clock()
        return {item["pk"].removeprefix("LOCATION#"): state_of(item, now) for item in found}
