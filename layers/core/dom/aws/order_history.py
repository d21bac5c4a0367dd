"""A window of orders and the world they came to, read back from the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dom.aws import keys
from dom.aws.movement_store import MovementStore, months_of
from dom.aws.network_store import NetworkStore
from dom.aws.order_scan import OrderScan
from dom.aws.reads import Plain, batch_get
from dom.aws.stock_store import StockStore
from dom.errors import InvalidInput
from dom.model.clock import to_text
from dom.model.geo import Coordinates
from dom.model.ids import LocationId, Sku
from dom.model.location import Location
from dom.model.order import Bucket, Order
from dom.model.product import Assortment
from dom.model.stock import Cause, Movement, totals
from dom.routing.demand import demands_of
from dom.simulation.simulation import Window
from dom.simulation.world import Arrival, Situation, World
from dom.sourcing.problem import Demand

# What routing and its consequences did: the replay decides that itself.
OF_ORDERS = frozenset({Cause.ALLOCATION, Cause.RELEASE, Cause.REJECT, Cause.SHIPMENT})


@dataclass(frozen=True, slots=True)
class OrderHistory:
    """`dom.simulation.simulation.History` on the tables; it only reads."""

    dynamodb: Any
    orders_table: str
    inventory_table: str
    network_table: str

    def locations(self) -> list[Location]:
        """The network as it is now."""
        return NetworkStore(self.dynamodb, self.network_table).all()

    def situation(self, window: Window, most: int) -> Situation:
        """The orders as they were placed, and the stock of that time by the ledger.

        Orders are found by a scan of their table. InvalidInput if there are more than `most`.
        """
        orders: list[Order] = []
        for order in self.placed(window):
            orders.append(_as_placed(order))
            if len(orders) > most:
                raise InvalidInput("window", f"it holds more than the {most} orders allowed")
        assortment = self._assortment(orders)
        demands = (one for order in orders for one in demands_of(order, assortment.products))
        stock, arrivals = self._stock(assortment.units, window)
        world = World(tuple(self.locations()), stock, arrivals, products=assortment.products)
        return Situation(world, tuple(map(_coarse, demands)))

    def _assortment(self, orders: Iterable[Order]) -> Assortment:
        skus = {x.sku for order in orders for one in demands_of(order) for x in one.lines}
        return StockStore(self.dynamodb, self.inventory_table).assortment(sorted(skus))

    def placed(self, window: Window) -> Iterator[Order]:
        """Those placed in the window, but for tests and those that are held to this day."""
        scan = OrderScan(self.dynamodb, self.orders_table, window.since, window.until)
        return iter(scan)

    def _stock(
        self, units: Mapping[str, Mapping[str, int]], window: Window
    ) -> tuple[dict[Sku, dict[LocationId, int]], tuple[Arrival, ...]]:
        """Units when the window began, and what came or went since for other reasons."""
        wanted = [keys.position(sku, place) for sku, held in units.items() for place in held]
        stock: dict[Sku, dict[LocationId, int]] = {Sku(sku): {} for sku in units}
        arrivals: list[Arrival] = []
        for position in batch_get(self.dynamodb, self.inventory_table, wanted):
            sku, place = Sku(position["sku"]), LocationId(position["location_id"])
            moved = list(self._moved(position, window))
            stock[sku][place] = position["available"] - totals(moved).available
            arrivals += _arrivals(moved, window)
        arrivals.sort(key=lambda one: (one.at, one.sku, one.location_id, one.units))
        return stock, tuple(arrivals)

    def _moved(self, position: Plain, window: Window) -> Iterator[Movement]:
        """What occurred since the window began; of an untouched position nothing is read."""
        if position.get("moved_at", "~") < to_text(window.since):
            return
        store = MovementStore(self.dynamodb, self.inventory_table)
        for month in months_of(position):
            if month >= keys.month(window.since):
                rows = store.rows(position["sku"], position["location_id"], month)
                yield from (row for row in rows if row.occurred_at >= window.since)


def _arrivals(moved: Iterable[Movement], window: Window) -> Iterator[Arrival]:
    for row in moved:
        units = totals([row]).available
        if units and row.cause not in OF_ORDERS and row.occurred_at < window.until:
            yield Arrival(row.occurred_at, row.sku, row.location_id, units)


def _as_placed(order: Order) -> Order:
    """As if nothing had been decided: all units pending, nobody excluded, no plan open."""
    lines = tuple(
        replace(line, buckets={Bucket.PENDING: line.quantity}, excluded=()) for line in order.lines
    )
    return replace(order, lines=lines, open_plan=None)


def _coarse(demand: Demand) -> Demand:
    """Without what tells where exactly somebody lives: a hundredth of a degree is about a km."""
    where = demand.destination
    place = where.coordinates
    rounded = Coordinates(round(place.latitude, 2), round(place.longitude, 2)) if place else None
    return replace(demand, destination=replace(where, city="", coordinates=rounded))
