"""What is expected to be sold of a SKU, as learnt from orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from dom.model.ids import LocationId, Sku

# Regions, and locations, of one SKU: an item then has some 300 of DynamoDB's 400 KB.
MOST_PLACES = 1500


@dataclass(frozen=True, slots=True)
class Expected:
    """Demand of each day to come: `velocity` units, with `variance` about it.

    `days` of history it was learnt from. `remembers`: days whose mean would be as uncertain as the
    velocity is; 0: it is taken as certain.
    """

    velocity: float
    variance: float
    days: int
    remembers: float = 0.0


NO_DEMAND = Expected(0.0, 0.0, 0)


@dataclass(frozen=True, slots=True)
class Expectation:
    """A SKU's demand from `until` on, over the whole network, by region and by home location.

    A location's demand is that of the customers for whom it is the natural one, whoever served them
    (`dom.planning.home`): what was allocated elsewhere since it had none would else be forgotten.
    `kind` and `method` are those of the network's series (`dom.forecast`).
    """

    sku: Sku
    until: date
    kind: str
    method: str
    network: Expected
    regions: Mapping[str, Expected] = field(default_factory=dict)
    locations: Mapping[LocationId, Expected] = field(default_factory=dict)
