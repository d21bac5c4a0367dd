"""A ship group with its work that can be moved, and what was promised of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dom.model.fulfillment import FulfillmentOrder
from dom.model.ids import LocationId, Sku
from dom.model.order import Order, ShipGroup
from dom.model.product import Product
from dom.routing.pieces import Piece, names_at, pieces_held
from dom.sourcing.network import Network
from dom.sourcing.scene import Contents, Scene


@dataclass(frozen=True, slots=True)
class Held:
    """A ship group and its work that can be moved, oldest first."""

    order: Order
    group: ShipGroup
    works: tuple[FulfillmentOrder, ...]

    def units(self) -> dict[str, int]:
        """Units by line id."""
        units: Counter[str] = Counter()
        for work in self.works:
            units.update({line.line_id: line.quantity for line in work.lines})
        return dict(units)

    def shelves(self) -> dict[LocationId, dict[str, int]]:
        """Units by line id at each location."""
        found: dict[LocationId, Counter[str]] = {}
        for work in self.works:
            shelf = found.setdefault(work.location_id, Counter())
            shelf.update({line.line_id: line.quantity for line in work.lines})
        return {place: dict(units) for place, units in found.items()}

    def pieces(self) -> list[Piece]:
        """What a plan finds a place for: what of a kit is at one location stays together."""
        return pieces_held(self.order, self.group.id, list(self.shelves().values()))


def contents_of(held: Held, scene: Scene) -> Contents:
    """Its units by line number by location number, in the order of these numbers."""
    number = {line.line_id: n for n, line in enumerate(scene.lines)}
    contents: dict[int, dict[int, int]] = {}
    shelves = held.shelves()
    for n, place in enumerate(shelves):
        parcel = names_at(held.order, list(shelves.values()), n)
        at = scene.network.index[place]
        contents[at] = dict(sorted((number[name], units) for name, units in parcel.items()))
    return dict(sorted(contents.items()))


def promised(held: Held, line_ids: Iterable[str]) -> datetime | None:
    """Until when the customer has these lines, as it stands with the work; the earliest of them."""
    wanted = set(line_ids)
    given = (
        work.delivers_by
        for work in held.works
        if any(line.line_id in wanted for line in work.lines)
    )
    return min((until for until in given if until), default=None)


def reckoned(work: FulfillmentOrder, network: Network, products: Mapping[Sku, Product]) -> int:
    """The work's effort as it would be counted now: what it needs to stay."""
    rate = network.locations[network.index[work.location_id]].effort_rate(work.method)
    extra = {sku: product.effort for sku, product in products.items()}
    return rate.of((line.quantity, extra.get(line.sku, 0)) for line in work.lines)
