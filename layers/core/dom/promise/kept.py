"""What is there of a SKU, and what of it controls keep from being sold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dom.model.control import NOTHING, Control, Sale, Sold, fences_of, kept_back
from dom.model.ids import LocationId, Sku
from dom.model.location import Location
from dom.model.product import Assortment
from dom.promise.ports import Holding, Promising
from dom.sourcing.network import Network


@dataclass(frozen=True, slots=True)
class Kept:
    """Controls, and what of their ring-fences is sold by now, by SKU."""

    controls: Sequence[Control]
    sold: Mapping[Sku, Sold]


def pooled(units: Mapping[str, int], network: Network) -> int:
    """The sum of ATP over the locations that take work."""
    return sum(max(0, available) for _, available in open_at(units, network))


def withheld(sale: Sale, units: Mapping[str, int], network: Network, kept: Kept) -> int:
    """Units over these locations that controls keep back."""
    if not kept.controls:
        return 0
    sold = kept.sold.get(sale.sku, NOTHING)
    return kept_back(sale, open_at(units, network), kept.controls, sold)


def kept_of(skus: Iterable[Sku], ports: Promising | Holding) -> Kept:
    """The controls; what ring-fences of these SKUs have sold is read if there are any."""
    controls = ports.controls()
    fences = [(sku, fence) for sku in skus for fence in fences_of(sku, controls)]
    return Kept(controls, ports.sold_of(fences) if fences else {})


def sale_of(sku: Sku, channel: str, assortment: Assortment, at: datetime) -> Sale:
    """Who would sell what, as controls ask."""
    product = assortment.products.get(sku)
    return Sale(sku, product.category if product else "", channel, at)


def open_at(units: Mapping[str, int], network: Network) -> Iterator[tuple[Location, int]]:
    """Locations that take work, with their units."""
    closed = network.inactive
    for place, available in units.items():
        index = network.index.get(LocationId(place))
        if index is not None and not closed >> index & 1:
            yield network.locations[index], available
