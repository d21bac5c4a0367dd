"""From when goods may leave, by the locations that have them: each keeps them until its own day.

One place decides: what is sold, what may be held, which bucket units wait in, and when they are
looked at again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from dom.model.ids import LocationId, OrderId
from dom.model.preorder import begins, has_begun, is_everywhere, opens_at, wakes_at
from dom.model.product import Product
from dom.sourcing.network import Network

Place = TypeVar("Place", bound=str)


@dataclass(frozen=True, slots=True)
class Opening:
    """A release that is not over: its day has not begun wherever there is any of the goods.

    `at`: the next instant at which more of them may leave. `kept`: until then none is sold but
    ahead; else there are units at other locations that may leave.
    """

    day: date
    at: datetime
    kept: bool
    limit: int

    def wakes_at(self, order_id: OrderId) -> datetime:
        """When an order that waits for it is looked at."""
        return wakes_at(order_id, self.at, self.limit)


def opening(
    product: Product | None, units: Mapping[Place, int], network: Network, now: datetime
) -> Opening | None:
    """The release of a product of which the locations have these units; None: it is over for all of
    them, or there is none.

    Locations that have none of it do not matter, unless none has any.
    """
    day = product.releases_on if product else None
    midnights = beginnings(day, units, network, now) if day else []
    to_come = [one for one in midnights if one > now]
    if not product or not day or not to_come:
        return None
    at = opens_at(midnights)
    return Opening(day, at if now < at else min(to_come), now < at, product.preorder_limit)


def beginnings(
    day: date, units: Mapping[Place, int], network: Network, now: datetime
) -> list[datetime]:
    """When the day begins, or began, wherever there is any of these units; none: long ago."""
    if is_everywhere(day, now):
        return []
    return [begins(day, zone) for zone in network.zones_of(units) or {"UTC"}]


def leaving(
    product: Product | None, units: Mapping[Place, int], network: Network, now: datetime
) -> Mapping[Place, int]:
    """What of these units may leave now."""
    found = opening(product, units, network, now)
    if found is None:
        return units
    return {} if found.kept else begun(product, units, network, now)


def begun(
    product: Product | None, units: Mapping[Place, int], network: Network, now: datetime
) -> Mapping[Place, int]:
    """What of these units is at locations where the product's day has begun."""
    day, index = product.releases_on if product else None, network.index
    if day is None or is_everywhere(day, now):
        return units
    early = waiting(day, network, now)
    there = ((at, index.get(LocationId(at)), n) for at, n in units.items())
    return {at: n for at, i, n in there if i is not None and not early >> i & 1}


def shut(day: date, units: Mapping[Place, int], network: Network, now: datetime) -> int:
    """The set of locations from which none of the goods may leave, as they have these units."""
    midnights = beginnings(day, units, network, now)
    if midnights and now < opens_at(midnights):
        return network.everywhere
    return waiting(day, network, now) if midnights else 0


def waiting(day: date, network: Network, now: datetime) -> int:
    """The set of locations where that day has not begun."""
    early = 0
    for one in network.classes:
        if not has_begun(day, one.timezone, now):
            early |= one.members
    return early
