"""ATS: what a channel may show of a SKU over all locations, now and by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dom.model.cart import Ats
from dom.model.control import beyond_stock
from dom.model.ids import LocationId, Sku
from dom.model.incoming import Incoming, OnDay, by_day
from dom.promise.ahead import from_release
from dom.promise.freed import freed
from dom.promise.kept import Kept, kept_of, pooled, sale_of, withheld
from dom.promise.kits import kits_to_sell, offer_of
from dom.promise.ports import Offer, Promising
from dom.sourcing.network import Network
from dom.sourcing.opening import leaving, opening


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

    0 for a SKU that is nowhere; of a kit, see `dom.promise.kits`. Holds count until they expire,
    not until somebody gives them back.
    One location's shortage takes nothing from another's stock.
    """
    now = ports.clock()
    offer = offer_of([sku], ports.stock)
    kit = offer[0].products.get(sku)
    if kit and kit.is_kit:
        return kits_to_sell(kit, channel, offer, ports)
    units = offer[0].units[sku]
    for (_, place), available in freed([sku], now, ports).items():
        units[place] = available
    coming = ports.coming([sku]).get(sku, ())
    network = ports.places.network({*units, *(one.location_id for one in coming)})
    view = outlook(sku, channel, offer, coming, network, kept_of([sku], ports), now)
    return Ats(sku, channel, max(0, view.now), now, view.days, view.beyond)
