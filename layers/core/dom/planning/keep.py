"""Safety stock by policy: how much a position keeps for its demand, and the movement to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dom.errors import Busy, CommitRefused
from dom.forecast.safety import cover
from dom.model.commit import Commit
from dom.model.expectation import NO_DEMAND, Expectation
from dom.model.ids import LocationId, Sku, digest
from dom.model.location import Location
from dom.model.safety_policy import SafetyPolicy, policy_for
from dom.model.stock import Cause, Position, StockChange
from dom.planning.learn import forecast_of
from dom.planning.ports import Positions, Writer

ACTOR = "forecast"
# Orders move a popular position all the time; each attempt is one read and one transaction.
ATTEMPTS = 6


@dataclass(frozen=True, slots=True)
class Kept:
    """Policies, and the network that they speak of."""

    policies: Sequence[SafetyPolicy]
    network: Mapping[LocationId, Location]

    def wanted(self, known: Expectation, category: str, place: LocationId) -> int | None:
        """Units of safety stock that a position should have; None: no policy is for it.

        Where nobody is expected to buy, the policy's least.
        """
        location = self.network.get(place)
        policy = location and policy_for(known.sku, category, location, self.policies)
        if not policy:
            return None
        here = forecast_of(known.locations.get(place, NO_DEMAND))
        kept = cover(here, policy.level, policy.lead_days, policy.lead_variance)
        return policy.within(kept.safety)

    def all_wanted(
        self, known: Expectation, category: str, places: Iterable[LocationId]
    ) -> dict[LocationId, int]:
        """The same of those of the places that a policy is for."""
        wanted = {place: self.wanted(known, category, place) for place in places}
        return {place: units for place, units in wanted.items() if units is not None}


def keep(
    known: Expectation,
    category: str,
    places: Iterable[LocationId],
    kept: Kept,
    stock: Positions,
    ledger: Writer,
    now: datetime,
) -> int:
    """Give the SKU's positions at these places the safety stock of their policies.

    Returns how many changed. Busy: a position moved six times in a row.
    """
    units = kept.all_wanted(known, category, places)
    return sum(
        _set(position, units, stock, ledger, now)
        for position in _differing(known.sku, units, stock)
    )


def _differing(sku: Sku, units: Mapping[LocationId, int], stock: Positions) -> Iterator[Position]:
    for position in stock.positions_of([(str(sku), str(place)) for place in sorted(units)]):
        if position.safety_stock != units[position.location_id]:
            yield position


def _set(
    position: Position,
    units: Mapping[LocationId, int],
    stock: Positions,
    ledger: Writer,
    now: datetime,
) -> bool:
    """False: somebody else set it, or took the position away, in between."""
    for _ in range(ATTEMPTS):
        try:
            ledger.commit(_commit(position, units[position.location_id], now))
        except CommitRefused:
            only = {position.location_id: units[position.location_id]}
            found = next(_differing(position.sku, only, stock), None)
            if found is None:
                return False
            position = found
        else:
            return True
    raise Busy(f"the position of {position.sku} at {position.location_id} keeps moving")


def _commit(position: Position, units: int, now: datetime) -> Commit:
    """One movement, guarded by the version that the difference was taken from."""
    change = StockChange(
        position.sku,
        position.location_id,
        Cause.ADJUSTMENT,
        safety_stock=units - position.safety_stock,
        expected_version=position.version,
    )
    facts = (position.sku, position.location_id, str(position.version), str(units))
    return Commit(f"safety-{digest(*facts)}", now, ACTOR, stock=(change,))
