"""ATS: what a channel may show of a SKU over all locations."""

from __future__ import annotations

from collections.abc import Mapping

from dom.model.cart import Ats
from dom.model.ids import LocationId, Sku
from dom.promise.freed import freed
from dom.promise.ports import Promising
from dom.sourcing.network import Network


def available_to_sell(sku: Sku, channel: str, ports: Promising) -> Ats:
    """The sum of ATP over the locations that take work, less what is sold and waits for a location.

    0 for a SKU that is nowhere. Holds count until they expire, not until somebody gives them back.
    One location's shortage takes nothing from another's stock.
    """
    now = ports.clock()
    assortment, demand = ports.stock.offer([sku])
    units = dict(assortment.units.get(sku, {}))
    for (_, place), available in freed([sku], now, ports).items():
        units[place] = available
    network = ports.places.network(units)
    return Ats(sku, channel, max(0, pooled(units, network) - demand.get(sku, 0)), now)


def pooled(units: Mapping[str, int], network: Network) -> int:
    """The sum of ATP over the locations that take work."""
    closed = network.inactive
    return sum(
        max(0, available)
        for place, available in units.items()
        if (index := network.index.get(LocationId(place))) is not None and not closed >> index & 1
    )
