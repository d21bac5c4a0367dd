"""ATS: what a channel may show of a SKU over all locations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from dom.model.cart import Ats
from dom.model.control import Control, Sale, kept_back
from dom.model.ids import LocationId, Sku
from dom.model.location import Location
from dom.model.product import Assortment
from dom.promise.freed import freed
from dom.promise.ports import Promising
from dom.sourcing.network import Network


def available_to_sell(sku: Sku, channel: str, ports: Promising) -> Ats:
    """The sum of ATP over the locations that take work, less what is sold and waits for a location,
    and less what controls keep back from that channel.

    0 for a SKU that is nowhere. Holds count until they expire, not until somebody gives them back.
    One location's shortage takes nothing from another's stock.
    """
    now = ports.clock()
    assortment, demand = ports.stock.offer([sku])
    units = dict(assortment.units.get(sku, {}))
    for (_, place), available in freed([sku], now, ports).items():
        units[place] = available
    network = ports.places.network(units)
    sale = sale_of(sku, channel, assortment, now)
    taken = demand.get(sku, 0) + withheld(sale, units, network, ports.controls())
    return Ats(sku, channel, max(0, pooled(units, network) - taken), now)


def pooled(units: Mapping[str, int], network: Network) -> int:
    """The sum of ATP over the locations that take work."""
    return sum(max(0, available) for _, available in _open(units, network))


def withheld(
    sale: Sale, units: Mapping[str, int], network: Network, controls: Sequence[Control]
) -> int:
    """Units over these locations that controls keep back."""
    return kept_back(sale, _open(units, network), controls) if controls else 0


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
