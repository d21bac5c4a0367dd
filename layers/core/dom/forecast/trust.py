"""How far stock that a system shows at a location can be trusted, learnt from picks and rejects.

Each time a location was asked for a SKU, it had it or it did not: a Bernoulli trial, whose chance
is Beta distributed (Beta-Binomial; Gelman et al., "Bayesian Data Analysis", 3rd ed., chapters 2
and 5). Few trials of one SKU say little, so that each is begun with what its location is like, and
a location with what the network is like. Old trials fade: a count may have put the stock right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from dom.model.ids import LocationId, Sku
from dom.model.stock import Cause, Movement

HALF_LIFE = timedelta(days=90)
# Trials that the level above counts as; the network begins with one reject in twenty.
OF_LOCATION, OF_NETWORK, EXPECTED = 10.0, 20.0, 0.05


class Trial(NamedTuple):
    """A location was asked for a SKU, and had it or not."""

    sku: Sku
    location_id: LocationId
    at: datetime
    found: bool


@dataclass(frozen=True, slots=True)
class Trust:
    """Probability that what is shown is there. `trials`: how many it rests on, old ones faded."""

    probability: float
    trials: float


class _Sums(NamedTuple):
    missed: float = 0.0
    trials: float = 0.0

    def plus(self, weight: float, found: bool) -> _Sums:
        return _Sums(self.missed + (0.0 if found else weight), self.trials + weight)

    def share(self, prior: float, strength: float) -> float:
        """Mean of the Beta: of its prior, as so many trials, and what was seen."""
        return (prior * strength + self.missed) / (strength + self.trials)


def trial_of(movement: Movement) -> Trial | None:
    """What a row of the ledger says: a shipment was found, a reject was not; None: neither.

    Work that is refused because a store is too busy, or that expires, gives units back
    (`release`) and says nothing of its stock. Damaged goods count as not found.
    """
    if not movement.references or movement.cause not in (Cause.SHIPMENT, Cause.REJECT):
        return None
    found = movement.cause is Cause.SHIPMENT
    return Trial(movement.sku, movement.location_id, movement.occurred_at, found)


def learn(trials: Iterable[Trial], now: datetime) -> dict[tuple[Sku, LocationId], Trust]:
    """Trust in each SKU at each location that was ever asked for it."""
    places: dict[tuple[Sku, LocationId], _Sums] = defaultdict(_Sums)
    for one in trials:
        place, weight = (one.sku, one.location_id), _weight(now - one.at)
        places[place] = places[place].plus(weight, one.found)
    priors = _of_locations(places)
    return {
        place: Trust(1.0 - sums.share(priors[place[1]], OF_LOCATION), sums.trials)
        for place, sums in places.items()
    }


def _weight(age: timedelta) -> float:
    return float(0.5 ** (max(age, timedelta()) / HALF_LIFE))


def _of_locations(places: Mapping[tuple[Sku, LocationId], _Sums]) -> dict[LocationId, float]:
    """Share of rejects of each location, drawn towards that of the network."""
    network, locations = _Sums(), dict[LocationId, _Sums]()
    for (_, location_id), sums in places.items():
        network = _both(network, sums)
        locations[location_id] = _both(locations.get(location_id, _Sums()), sums)
    common = network.share(EXPECTED, OF_NETWORK)
    return {name: sums.share(common, OF_NETWORK) for name, sums in locations.items()}


def _both(a: _Sums, b: _Sums) -> _Sums:
    return _Sums(a.missed + b.missed, a.trials + b.trials)
