"""Supply that is on its way: what of a SKU should come, where and on which day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from dom.model.ids import LocationId, Sku
from dom.model.supply import SupplyId, SupplyOrder

# Of DynamoDB's 400 KB a document takes some 150 then; what comes last is left out until its order
# is told of again.
MOST_ENTRIES = 1000
FAR = date.max


@dataclass(frozen=True, slots=True)
class Incoming:
    """Units that should still come to a location; `on` None: nobody has said when."""

    location_id: LocationId
    units: int
    on: date | None = None

    def leaves_by(self, day: date) -> bool:
        """Whether it can be sent to customers on that day.

        Goods come at any hour of their day and must be put away: they leave from the next one on.
        """
        return self.on is not None and self.on < day

    def overdue(self, today: date) -> bool:
        """Whether it should have been here: nobody knows when it comes now."""
        return self.on is not None and self.on < today


@dataclass(frozen=True, slots=True)
class IncomingSupply:
    """What is on its way of a SKU, by the order that brings it. `version` 0: not stored yet."""

    sku: Sku
    orders: Mapping[SupplyId, Incoming] = field(default_factory=dict)
    version: int = 0

    def told(self, order_id: SupplyId, found: Incoming | None) -> IncomingSupply:
        """The document after that order was looked at; None: nothing of it comes any more."""
        kept = {name: one for name, one in self.orders.items() if name != order_id}
        if found is not None:
            kept[order_id] = found
        by_day = sorted(kept.items(), key=lambda pair: (pair[1].on or FAR, pair[0]))
        return IncomingSupply(self.sku, dict(by_day[:MOST_ENTRIES]), self.version)


def incoming(order: SupplyOrder | None, sku: Sku) -> Incoming | None:
    """What of a SKU should still come by an order; None: nothing.

    Of a transfer what has left its origin: until then it is stock there. Nothing of an order that
    is over.
    """
    if order is None or not order.listed:
        return None
    units = order.due.get(sku, 0) - order.line(sku).received
    return Incoming(order.location_id, units, order.expected_on) if units > 0 else None


# What is on its way of those SKUs of which anything is: one batch read.
Coming = Callable[[Iterable[str]], Mapping[Sku, Sequence[Incoming]]]


class OnDay(NamedTuple):
    """Units that can be promised to leave on that day, or earlier; of all before it, too."""

    day: date
    units: int


def by_day(pool: int, taken: int, coming: Iterable[Incoming], today: date) -> tuple[OnDay, ...]:
    """Available-to-promise by day: cumulative, each day on which there is more, the nearest first.

    `pool`: units that are there and may be promised; `taken`: units of them, and of what comes,
    that are sold and wait, or are kept back. What waits is served by what comes first. What is
    overdue, or has no day, is not promised.
    """
    dated = sorted((one.on, one.units) for one in coming if one.on and not one.overdue(today))
    found, units = list[OnDay](), pool - taken
    last = max(0, units)
    for on, some in groupby(dated, key=itemgetter(0)):
        units += sum(number for _, number in some)
        if units > last:
            last = units
            found.append(OnDay(on + timedelta(days=1), units))
    return tuple(found)
