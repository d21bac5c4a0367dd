"""How many of a kit may be sold: as many as some location can put together, over all of them.

At each location the least of floor(component / required), pooled (ADR 50). Controls of components
hold for the kit as well; those that name the kit, or its category, hold beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import cast

from dom.model.cart import Ats
from dom.model.control import ControlKind, Sale, kept_back
from dom.model.ids import LocationId, Sku
from dom.model.kit import makeable
from dom.model.location import Location
from dom.model.product import Assortment, Product
from dom.promise.ahead import ready
from dom.promise.freed import freed
from dom.promise.kept import Kept, kept_of, open_at, pooled, sale_of, withheld
from dom.promise.ports import Offer, Promising, Stock
from dom.sourcing.network import Network

_OF_KITS = frozenset({ControlKind.EXCLUDE, ControlKind.BUFFER, ControlKind.THRESHOLD})


def offer_of(skus: Iterable[Sku], stock: Stock) -> Offer:
    """What is known of these SKUs and of the components of kits among them: one batch read, and
    one more where there are kits.
    """
    (units, products), demand = stock.offer(sorted(skus))
    parts = {one.sku for kit in products.values() for one in kit.components} - units.keys()
    if not parts:
        return Assortment(units, products), demand
    (more, facts), waiting = stock.offer(sorted(parts))
    found = Assortment({**units, **more}, {**products, **facts})
    return found, {**demand, **waiting}


def kits_to_sell(kit: Product, channel: str, offer: Offer, ports: Promising) -> Ats:
    """Kits that the channel may sell now. Those of goods that are still to come are not counted:
    `POST /promise` says what a cart can have of them.
    """
    now, skus = ports.clock(), [one.sku for one in kit.components]
    units = offer[0].units
    for (sku, place), available in freed(skus, now, ports).items():
        units[sku][place] = available
    network = ports.places.network({place for sku in skus for place in units[sku]})
    kept = kept_of(skus, ports)
    return Ats(kit.sku, channel, max(0, kits_left(kit, channel, offer, network, kept, now)), now)


def kits_left(
    kit: Product, channel: str, offer: Offer, network: Network, kept: Kept, now: datetime
) -> int:
    """Kits that may be sold of what is there; negative where more is sold than that.

    Units of components that wait for a location may come to be taken where a kit could be made,
    so each is counted as a kit; of what controls keep back over all locations, what is in no kit is
    kept first.
    """
    assortment, demand = ready(offer[0], network, now), offer[1]
    there: dict[Sku, dict[LocationId, int]] = {}
    left: dict[Sku, int] = {}
    for one in kit.components:
        units, sale = assortment.units[one.sku], sale_of(one.sku, channel, assortment, now)
        there[one.sku] = dict(_for_sale(sale, units, network, kept))
        free = pooled(units, network) - demand.get(one.sku, 0)
        left[one.sku] = free - withheld(sale, units, network, kept)
    made = kits_at(kit, there)
    own = sale_of(kit.sku, channel, assortment, now)
    return kits_of(kit, made, left, demand) - kits_kept(own, made, network, kept)


def kits_of(
    kit: Product, made: Mapping[LocationId, int], left: Mapping[Sku, int], demand: Mapping[str, int]
) -> int:
    """Of the kits that locations can make those that no unit of `demand` may come to be taken from,
    and for which enough of each component is `left` over all locations; negative: fewer than none.
    """
    waiting = max(-(-demand.get(one.sku, 0) // one.quantity) for one in kit.components)
    bounds = (left[one.sku] // one.quantity for one in kit.components)
    return min(sum(made.values()) - waiting, *bounds)


def kits_at(kit: Product, there: Mapping[Sku, Mapping[LocationId, int]]) -> dict[LocationId, int]:
    """Kits that each location can put together of those units; locations that can make one."""
    return makeable([(there[one.sku], one.quantity) for one in kit.components])


def kits_kept(
    sale: Sale, made: Mapping[LocationId, int], network: Network, kept: Kept, pooled: bool = True
) -> int:
    """Kits that controls keep back which name the kit or its category."""
    own = [c for c in kept.controls if c.kind in _OF_KITS and (c.skus or c.categories)]
    shelves: Iterable[tuple[Location, int]] = open_at(cast(Mapping[str, int], made), network)
    return kept_back(sale, shelves, own, pooled=pooled) if own else 0


def _for_sale(
    sale: Sale, units: Mapping[str, int], network: Network, kept: Kept
) -> Iterator[tuple[LocationId, int]]:
    """What controls leave for sale at each location."""
    for place, available in open_at(units, network):
        here = kept_back(sale, [(place, available)], kept.controls, pooled=False)
        yield place.location_id, max(0, available) - here
