"""The network as a cart finds it: which options there are against the stock that is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dom.model.cart import Cart, CartLine, Option
from dom.model.ids import LocationId
from dom.model.location import Capability
from dom.model.money import Money
from dom.model.order import Method
from dom.model.product import Product
from dom.model.rules import RuleSet
from dom.promise.apart import as_asked, demand_lines
from dom.sourcing.fences.capability import NEEDED
from dom.sourcing.network import Network
from dom.sourcing.plan import ALLOCATED, Assignment, Plan
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.problem import Demand, DemandLine, Supply
from dom.sourcing.promise import DaysOff, cutoff_for, ships_by
from dom.sourcing.solve import decide

# Stores shown for each way of collecting, and of those that must be sent something first.
STORES = 3
TRANSFERS = 1


class Market:
    """Options by routing's own decision for this cart, rules and moment."""

    def __init__(
        self, cart: Cart, supply: Supply, network: Network, rules: RuleSet, now: datetime
    ) -> None:
        self.cart = cart
        self.supply = supply
        self.network = network
        self.now = now
        self._book = PriceBook(network, rules, now)
        self._lines = tuple(self._line(*one) for one in demand_lines(cart, supply.available))
        self._value = sum(line.quantity * line.value_minor for line in cart.lines)

    def options(self) -> tuple[Option, ...]:
        """Shipped, by courier today, and collected: the nearest stores that have everything, and
        the nearest that it can be sent to."""
        found = [self._shipped(), self._today()]
        for method in (Method.PICKUP, Method.CURBSIDE):
            found += [self._collected(method, place) for place in self._stores(method)]
        found += [self._collected(Method.SHIP_TO_STORE, place) for place in self._others()]
        return tuple(option for option in found if option)

    def holders(self, count: int) -> Iterator[LocationId]:
        """The nearest locations that hold anything of the cart."""
        some = 0
        for sku in self.cart.units():
            some |= self.supply.at_least(self.network, sku, 1)
        for place in self.network.view(self.cart.destination).nearest_few(some, count):
            yield self.network.locations[place].location_id

    def _shipped(self) -> Option | None:
        return self._option(self._plan(Method.SHIP))

    def _today(self) -> Option | None:
        """Everything, and today: a courier's tomorrow is no better than a parcel."""
        plan = self._plan(Method.SAME_DAY)
        today = all(self._delivers_today(one) for one in plan.assignments)
        return self._option(plan) if plan.outcome == ALLOCATED and today else None

    def _collected(self, method: Method, place: LocationId) -> Option | None:
        plan = self._plan(method, place)
        return self._option(plan) if plan.outcome == ALLOCATED else None

    def _stores(self, method: Method) -> list[LocationId]:
        network, supply = self.network, self.supply
        able = network.capable[NEEDED[method]] & ~network.inactive
        able &= ~(supply.closed_bits(network) | supply.full_bits(network))
        for sku, units in self.cart.units().items():
            able &= supply.at_least(network, sku, units)
        nearest = network.view(self.cart.destination).nearest_few(able, STORES) if able else []
        return [network.locations[place].location_id for place in nearest]

    def _others(self) -> list[LocationId]:
        """The nearest stores for collecting that have not everything."""
        network = self.network
        able = network.capable[Capability.PICKUP] & ~network.inactive
        able &= ~network.bits(self._stores(Method.PICKUP))
        view = network.view(self.cart.destination)
        nearest = view.nearest_few(able, TRANSFERS) if able else []
        return [network.locations[place].location_id for place in nearest]

    def _plan(self, method: Method, place: LocationId | None = None) -> Plan:
        cart = self.cart
        name, to = f"cart-{method.value}", cart.destination
        demand = Demand(
            name,
            "1",
            method,
            to,
            self._lines,
            place,
            self.now,
            currency=cart.currency,
            value_minor=self._value,
            channel=cart.channel,
            tier=cart.tier,
        )
        return decide(demand, self.supply, self._book)

    def _line(self, name: str, line: CartLine, together: str) -> DemandLine:
        product = self.supply.products.get(line.sku, Product(line.sku))
        return DemandLine(
            name,
            line.sku,
            line.quantity,
            line.grams or product.grams,
            category=product.category,
            needs=product.needs,
            volume_cm3=product.volume_cm3,
            keep_together=together or product.keep_together,
            value_minor=line.value_minor,
            releases_on=product.releases_on,
        )

    def _option(self, plan: Plan) -> Option | None:
        parts = plan.assignments
        if not parts:
            return None
        method = Method(plan.order_id.removeprefix("cart-"))
        return Option(
            method,
            tuple(part.location_id for part in parts),
            max(self._ships_by(part, method) for part in parts),
            max(part.delivers_by for part in parts),
            Money(sum(part.cash for part in parts), self.cart.currency),
            sum(part.co2e_grams for part in parts),
            as_asked(parts, self.cart),
        )

    def _ships_by(self, part: Assignment, method: Method) -> datetime:
        location = self.network.locations[self.network.index[part.location_id]]
        service = self._book.rules.service
        if method is Method.SHIP_TO_STORE and part.to_location is None:
            method = Method.PICKUP
        cutoff = cutoff_for(service, location.type)
        off = DaysOff(location.closed_weekdays, location.closed_dates)
        return ships_by(self.now, location.timezone, cutoff, method, service, off)

    def _delivers_today(self, part: Assignment) -> bool:
        location = self.network.locations[self.network.index[part.location_id]]
        return location.local_date(part.delivers_by) == location.local_date(self.now)
