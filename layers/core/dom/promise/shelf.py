"""Where a hold can be placed: what is known of the stock, and how it becomes better known."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dom.errors import CommitRefused
from dom.model.commit import position_key
from dom.model.control import NOTHING, kept_back
from dom.model.ids import LocationId, Sku
from dom.model.product import Assortment
from dom.model.reservation import Hold
from dom.promise.ahead import ready
from dom.promise.expire import expire
from dom.promise.kept import kept_of, sale_of
from dom.promise.kits import kits_at, kits_kept, kits_of, offer_of
from dom.promise.placing import Free, units_of
from dom.promise.ports import Holding
from dom.sourcing.network import Network

# Expired holds released before one refusal; they fit one transaction unless carts are large.
MOST_EXPIRED = 25


class Shelf:
    """Free units of some SKUs, at one location or at all that take work.

    What is sold and waits for a location, is kept back by controls, or may not leave yet, is not
    free. Documents first, since they are one read; positions and expired holds before anybody is
    refused.
    """

    def __init__(
        self, skus: Collection[Sku], channel: str, only: LocationId | None, ports: Holding
    ) -> None:
        self._ports = ports
        assortment, demand = offer_of(skus, ports.stock)
        self.kits = {x: one for x in skus if (one := assortment.products.get(x)) and one.is_kit}
        self._skus = sorted(self.parts(dict.fromkeys(skus, 1)))
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
        self._sale = channel, assortment, network, only is None

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

    def parts(self, wanted: Mapping[Sku, int]) -> dict[Sku, int]:
        """The units to hold for that: kits as their components."""
        return units_of(wanted, self.kits)

    def short(self, wanted: Mapping[Sku, int]) -> tuple[tuple[Sku, int], ...]:
        """Units of each SKU, and kits, that are not there or not for sale (`dom.promise.ats`)."""
        lacking = [(sku, n - self._left(sku)) for sku, n in self.parts(wanted).items()]
        lacking = [(sku, n) for sku, n in lacking if n > 0]
        kits = [(sku, wanted[sku] - self._kits_left(sku)) for sku in self.kits]
        found = [(sku, n) for sku, n in (*kits, *lacking) if n > 0 and sku in wanted]
        # Kits may each be there, and not all at once.
        return tuple(found or [(sku, wanted[sku]) for sku in self.kits if lacking])

    def _left(self, sku: Sku) -> int:
        there = sum(max(0, n) for n in self.free[sku].values())
        return max(0, there - self._sold.get(sku, 0) - self._kept.get(sku, 0))

    def _kits_left(self, sku: Sku) -> int:
        kit, (channel, assortment, network, pooled) = self.kits[sku], self._sale
        made, left = kits_at(kit, self.free), {x.sku: self._left(x.sku) for x in kit.components}
        known, now = kept_of([sku], self._ports), self._ports.clock()
        sale = sale_of(sku, channel, assortment, now)
        kept = kits_kept(sale, made, network, known, pooled)
        return max(0, kits_of(kit, made, left, self._sold) - kept)

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


def _available(found: Mapping[str, object] | None) -> int:
    return int(str(found.get("available", 0))) if found else 0
