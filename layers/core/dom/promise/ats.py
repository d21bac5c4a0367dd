"""ATS: what a channel may show of a SKU over all locations, now and by day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dom.model.cart import Ats
from dom.model.control import (
    NOTHING,
    Control,
    Sale,
    Sold,
    beyond_stock,
    fences_of,
    kept_back,
)
from dom.model.ids import LocationId, Sku
from dom.model.incoming import Incoming, OnDay, by_day
from dom.model.location import Location
from dom.model.product import Assortment
from dom.promise.ahead import from_release
from dom.promise.freed import freed
from dom.promise.ports import Holding, Offer, Promising
from dom.sourcing.network import Network
from dom.sourcing.opening import leaving, opening


@dataclass(frozen=True, slots=True)
class Kept:
    """Controls, and what of their ring-fences is sold by now, by SKU."""

    controls: Sequence[Control]
    sold: Mapping[Sku, Sold]


@dataclass(frozen=True, slots=True)
class Outlook:
    """A SKU from now on. `now`: units that may be sold of what is there, negative where more is
    sold than that. `beyond`: how many of those to come may be sold already.
    """

    now: int
    days: tuple[OnDay, ...]
    beyond: int

    def day_for(self, wanted: int) -> OnDay | None:
        """The first day on which so many may be sold, or as many as ever; None: never more than
        there are.
        """
        most = min(wanted, max(0, self.now) + self.beyond)
        enough = (one for one in self.days if one.units >= most)
        best = next(enough, self.days[-1] if self.days else None)
        if best is None or min(most, best.units) <= max(0, self.now):
            return None
        return OnDay(best.day, min(most, best.units))


def outlook(
    sku: Sku,
    channel: str,
    offer: Offer,
    coming: Iterable[Incoming],
    network: Network,
    kept: Kept,
    now: datetime,
) -> Outlook:
    """What may be promised of the SKU, now and by day.

    Goods count where they go to a location that takes work. Of the units that may be sold beyond
    what is there, those that wait in vain for a location are sold already. Before a release all
    that is sold, is sold ahead, and no more than the product's limit; where the day has begun at
    some locations, that is so of what the others have.
    """
    assortment, demand = offer
    units, sold = assortment.units[sku], demand.get(sku, 0)
    sale = sale_of(sku, channel, assortment, now)
    pool, taken = pooled(units, network), sold + withheld(sale, units, network, kept)
    left, days = pool - taken, by_day(pool, taken, _reaching(coming, network), now.date())
    limit = max(0, beyond_stock(sale, kept.controls) - max(0, sold - pool))
    product = assortment.products.get(sku)
    if opens := opening(product, units, network, now):
        days = from_release(opens.day, left, days)
        if opens.kept:
            most = min(opens.limit - sold, days[-1].units if days else 0)
            return Outlook(0, days, max(0, most))
        there = leaving(product, units, network, now)
        loose = pooled(there, network) - sold - withheld(sale, there, network, kept)
        shut = max(0, left) - max(0, loose)
        left, limit = min(left, loose), limit + max(0, min(shut, opens.limit - sold))
    ahead = days[-1].units - max(0, left) if days else 0
    return Outlook(left, days, max(0, min(limit, ahead)))


def _reaching(coming: Iterable[Incoming], network: Network) -> list[Incoming]:
    def works(place: LocationId) -> bool:
        index = network.index.get(place)
        return index is not None and not network.inactive >> index & 1

    return [one for one in coming if works(one.location_id)]


def available_to_sell(sku: Sku, channel: str, ports: Promising) -> Ats:
    """The sum of ATP over the locations that take work, less what is sold and waits for a location,
    and less what controls keep back from that channel; and what comes to it, by day.

    0 for a SKU that is nowhere. Holds count until they expire, not until somebody gives them back.
    One location's shortage takes nothing from another's stock.
    """
    now = ports.clock()
    offer = ports.stock.offer([sku])
    units = offer[0].units[sku]
    for (_, place), available in freed([sku], now, ports).items():
        units[place] = available
    coming = ports.coming([sku]).get(sku, ())
    network = ports.places.network({*units, *(one.location_id for one in coming)})
    view = outlook(sku, channel, offer, coming, network, kept_of([sku], ports), now)
    return Ats(sku, channel, max(0, view.now), now, view.days, view.beyond)


def pooled(units: Mapping[str, int], network: Network) -> int:
    """The sum of ATP over the locations that take work."""
    return sum(max(0, available) for _, available in _open(units, network))


def withheld(sale: Sale, units: Mapping[str, int], network: Network, kept: Kept) -> int:
    """Units over these locations that controls keep back."""
    if not kept.controls:
        return 0
    sold = kept.sold.get(sale.sku, NOTHING)
    return kept_back(sale, _open(units, network), kept.controls, sold)


def kept_of(skus: Iterable[Sku], ports: Promising | Holding) -> Kept:
    """The controls; what ring-fences of these SKUs have sold is read if there are any."""
    controls = ports.controls()
    fences = [(sku, fence) for sku in skus for fence in fences_of(sku, controls)]
    return Kept(controls, ports.sold_of(fences) if fences else {})


def sale_of(sku: Sku, channel: str, assortment: Assortment, at: datetime) -> Sale:
    """Who would sell what, as controls ask."""
    product = assortment.products.get(sku)
    return Sale(sku, product.category if product else "", channel, at)


def _open(units: Mapping[str, int], network: Network) -> Iterator[tuple[Location, int]]:
    closed = network.inactive
    for place, available in units.items():
        index = network.index.get(LocationId(place))
        if index is not None and not closed >> index & 1:
            yield network.locations[index], available
