"""ATS: what a channel may show of a SKU over all locations."""

from __future__ import annotations

from dom.model.cart import Ats
from dom.model.ids import LocationId, Sku
from dom.promise.freed import freed
from dom.promise.ports import Promising


def available_to_sell(sku: Sku, channel: str, ports: Promising) -> Ats:
    """The sum of ATP over the locations that take work; 0 for a SKU that is nowhere.

    Holds count until they expire, not until somebody gives them back. One location's shortage takes
    nothing from another's stock. Channels have no thresholds yet, and units that wait for routing
    are not subtracted (docs/architecture.md, Known gaps).
    """
    now = ports.clock()
    units = dict(ports.stock.availability([sku]).get(sku, {}))
    for (_, place), available in freed([sku], now, ports).items():
        units[place] = available
    network = ports.places.network(units)
    closed = network.inactive
    atp = (
        max(0, available)
        for place, available in units.items()
        if (index := network.index.get(LocationId(place))) is not None and not closed >> index & 1
    )
    return Ats(sku, channel, sum(atp), now)
