"""What of a SKU's stock should lie elsewhere, and what is slow, as far as the night knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dom.model.expectation import NO_DEMAND, Expectation
from dom.model.ids import LocationId
from dom.model.incoming import Incoming
from dom.model.location import Location
from dom.model.product import Product
from dom.model.rebalancing import Move, RebalancingTerms, Slow
from dom.planning.rebalance import Spot, moves, slow


@dataclass(frozen=True, slots=True)
class Balance:
    """The terms, and the network that they speak of."""

    terms: RebalancingTerms
    network: Mapping[LocationId, Location]

    def of(
        self,
        known: Expectation,
        units: Mapping[str, int],
        coming: Iterable[Incoming],
        product: Product,
    ) -> tuple[Sequence[Move], Slow | None]:
        """Moves and slow stock of a SKU. `units`: available by location, as its document says.

        What comes within the horizon counts as there, but cannot leave; what is late does not.
        """
        terms, sku = self.terms, known.sku
        if sku in terms.except_skus:
            return (), None
        spots = list(self._spots(known, units, _by_place(coming, known.until, terms.horizon_days)))
        found = moves(sku, spots, terms, terms.worth_of(product.cost))
        return found, slow(sku, spots, known.network, product.cost, terms.slow_days)

    def _spots(
        self, known: Expectation, units: Mapping[str, int], coming: Mapping[LocationId, int]
    ) -> Iterator[Spot]:
        for name, available in units.items():
            location = self.network.get(LocationId(name))
            if location is None:
                continue
            place = location.location_id
            yield Spot(
                place,
                max(0, available) + coming.get(place, 0),
                max(0, available) if self.terms.gives.holds(location) else 0,
                location.active and self.terms.takes.holds(location),
                known.locations.get(place, NO_DEMAND),
                location.coordinates,
            )


def _by_place(coming: Iterable[Incoming], today: date, horizon: int) -> dict[LocationId, int]:
    ends = today + timedelta(days=horizon)
    units: dict[LocationId, int] = {}
    for one in coming:
        if one.leaves_by(ends) and not one.overdue(today):
            units[one.location_id] = units.get(one.location_id, 0) + one.units
    return units
