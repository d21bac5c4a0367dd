"""What may be sold of goods before the day from which they may leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from dom.model.ids import Sku
from dom.model.incoming import OnDay
from dom.model.product import Assortment
from dom.sourcing.network import Network
from dom.sourcing.opening import leaving, opening


def early_skus(assortment: Assortment, network: Network, now: datetime) -> frozenset[Sku]:
    """SKUs of which nothing may leave yet."""
    found = (
        (sku, opening(one, assortment.units.get(sku, {}), network, now))
        for sku, one in assortment.products.items()
    )
    return frozenset(sku for sku, one in found if one and one.kept)


def ready(assortment: Assortment, network: Network, now: datetime) -> Assortment:
    """The same without units that may not leave yet."""
    units, products = assortment
    kept = (sku for sku, one in products.items() if one.releases_on and sku in units)
    left = {str(sku): dict(leaving(products[sku], units[sku], network, now)) for sku in kept}
    return Assortment({**units, **left}, products) if left else assortment


def from_release(opens: date, there: int, days: Sequence[OnDay]) -> tuple[OnDay, ...]:
    """Available-to-promise by day where nothing leaves before the release: what is there, or has
    come by then, can be promised for its day.

    `there`: units that are there and may be promised, less what waits, which may be more; `days`:
    what comes, cumulative.
    """
    later = [one for one in days if one.day > opens]
    by_then = max([there, *(one.units for one in days if one.day <= opens)])
    return (OnDay(opens, by_then), *later) if by_then > 0 else tuple(later)
