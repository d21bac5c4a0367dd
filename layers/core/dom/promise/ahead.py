"""What may be sold of goods before the day from which they may leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from dom.model.ids import Sku
from dom.model.incoming import OnDay
from dom.model.preorder import unreleased
from dom.model.product import Assortment
from dom.sourcing.network import Network


def early_skus(assortment: Assortment, network: Network, now: datetime) -> frozenset[Sku]:
    """SKUs of which nothing may leave yet."""
    known = assortment.products.items()
    return frozenset(sku for sku, one in known if unreleased(one, network.zones, now))


def from_release(opens: date, there: int, days: Sequence[OnDay]) -> tuple[OnDay, ...]:
    """Available-to-promise by day where nothing leaves before the release: what is there, or has
    come by then, can be promised for its day.

    `there`: units that are there and may be promised, less what waits, which may be more; `days`:
    what comes, cumulative.
    """
    later = [one for one in days if one.day > opens]
    by_then = max([there, *(one.units for one in days if one.day <= opens)])
    return (OnDay(opens, by_then), *later) if by_then > 0 else tuple(later)
