"""Where a hold can be placed: what is known of the stock, and how it becomes better known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dom.errors import CommitRefused
from dom.model.commit import position_key
from dom.model.control import NOTHING, kept_back
from dom.model.ids import LocationId, Sku
from dom.model.product import Assortment
from dom.model.reservation import Hold
from dom.promise.ahead import ready
from dom.promise.ats import kept_of, sale_of
from dom.promise.expire import expire
from dom.promise.ports import Holding
from dom.sourcing.network import Network

# Expired holds released before one refusal; they fit one transaction unless carts are large.
MOST_EXPIRED = 25

Free = dict[Sku, dict[LocationId, int]]


class Shelf:
    """Free units of some SKUs, at one location or at all that take work.

    What is sold and waits for a location, is kept back by controls, or may not leave yet, is not
    free. Documents first, since they are one read; positions and expired holds before anybody is
    refused.
    """

    def __init__(
        self, skus: Iterable[Sku], channel: str, only: LocationId | None, ports: Holding
    ) -> None:
        self._ports = ports
        self._skus = sorted(skus)
        assortment, demand = ports.stock.offer(self._skus)
        documents = assortment.units
        places = {only} if only else {place for one in documents.values() for place in one}
        network = ports.places.network(places)
        self.known = {place for place in places if place in network.index}
        self._open = {
            place
            for place in self.known
            if not network.inactive >> network.index[LocationId(place)] & 1
        }
        self._true = False
        there = ready(assortment, network, ports.clock()).units
        self.free: Free = {
            sku: {LocationId(at): n for at, n in there.get(sku, {}).items() if at in self._open}
            for sku in self._skus
        }
        # A hold at a named place looks at that place: others may serve those who wait.
        self._sold = {} if only else demand
        self._kept = self._kept_back(channel, assortment, network, pooled=only is None)

    def look_closer(self) -> bool:
        """Learn what may have been missed; False when there is nothing more to learn."""
        if not self._true:
            self._true = True
            self._read_positions()
            return True
        now = self._ports.clock()
        found = self._ports.reservations.expired(self._skus, now, MOST_EXPIRED)
        here = [one for one in found if any(self._concerns(hold) for hold in one.holds)]
        if not expire(here, self._ports):
            return False
        self._read_positions()
        return True

    def learn(self, refused: CommitRefused) -> None:
        """Take the truth out of a refusal."""
        stored = {c.key: c.found for c in refused.conflicts if c.kind == "position"}
        for sku, units in self.free.items():
            for place in units:
                name = position_key(sku, place)
                if name in stored:
                    units[place] = _available(stored[name])

    def short(self, wanted: Mapping[Sku, int]) -> tuple[tuple[Sku, int], ...]:
        """Units of each SKU that are not there, or not for sale: see `dom.promise.ats`."""
        there = {sku: sum(max(0, n) for n in self.free[sku].values()) for sku in wanted}
        taken = {sku: self._sold.get(sku, 0) + self._kept.get(sku, 0) for sku in wanted}
        left = {sku: max(0, units - taken[sku]) for sku, units in there.items()}
        lacking = ((sku, units - left[sku]) for sku, units in wanted.items())
        return tuple((sku, units) for sku, units in lacking if units > 0)

    def _kept_back(
        self, channel: str, assortment: Assortment, network: Network, *, pooled: bool
    ) -> dict[Sku, int]:
        known, now = kept_of(self._skus, self._ports), self._ports.clock()
        if not known.controls:
            return {}
        kept: dict[Sku, int] = {}
        for sku, units in self.free.items():
            shelves = [(network.locations[network.index[at]], n) for at, n in units.items()]
            sale = sale_of(sku, channel, assortment, now)
            kept[sku] = kept_back(
                sale, shelves, known.controls, known.sold.get(sku, NOTHING), pooled=pooled
            )
        return kept

    def _concerns(self, hold: Hold) -> bool:
        return hold.location_id in self.free.get(hold.sku, {})

    def _read_positions(self) -> None:
        pairs = [(str(sku), str(place)) for sku in self._skus for place in self.free[sku]]
        for position in self._ports.stock.positions_of(pairs):
            self.free[position.sku][position.location_id] = position.available


def place(wanted: Mapping[Sku, int], free: Free) -> tuple[Hold, ...] | None:
    """Positions for all units, or None.

    One location for everything where there is one, and of several the one with most stock, so that
    holds spread; else each SKU where most of it lies, in pieces only if it must.
    """
    whole = [
        at for at in _anywhere(free) if all(free[s].get(at, 0) >= n for s, n in wanted.items())
    ]
    if whole:
        best = min(whole, key=lambda at: (-sum(free[sku][at] for sku in wanted), at))
        return tuple(Hold(sku, best, units) for sku, units in wanted.items())
    parts = [_parts(sku, units, free[sku]) for sku, units in wanted.items()]
    return None if any(part is None for part in parts) else tuple(h for p in parts for h in p or ())


def _anywhere(free: Free) -> set[LocationId]:
    return {place for units in free.values() for place in units}


def _parts(sku: Sku, units: int, free: Mapping[LocationId, int]) -> list[Hold] | None:
    holds: list[Hold] = []
    for at in sorted(free, key=lambda at: (-free[at], at)):
        taken = min(units, free[at])
        if taken > 0:
            holds.append(Hold(sku, at, taken))
            units -= taken
    return holds if units == 0 else None


def _available(found: Mapping[str, object] | None) -> int:
    return int(str(found.get("available", 0))) if found else 0
